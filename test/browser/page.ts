/**
 * Runs in the browser: reads the packets that `packets.json` names, scores them, and leaves the outcome in
 * `window.outcome`, so that the test evaluates nothing under the page's content security policy.
 */
import { toLightCurve } from "@btsbot/alert";
import { createScorer, toJsonResult } from "@btsbot/core";
import type { JsonResult } from "@btsbot/core";
import { readLayersModel, readUrl } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";

/** What the page found. */
export interface PageOutcome {
  /** Whether the policy forbids generated code, as it should. */
  readonly evalForbidden: boolean;
  /** `file index` of each alert with its result and its number of detections. */
  readonly results: Record<string, JsonResult & { readonly detections: number }>;
  /** Milliseconds an alert, everything included. */
  readonly msPerAlert: number;
  /** What went wrong, if anything did. */
  readonly error?: string;
}

async function run(): Promise<PageOutcome> {
  const files = (await (await fetch("packets.json")).json()) as string[];
  const packets = await Promise.all(
    files.map(async (file) => new Uint8Array(await (await fetch(`packets/${file}`)).arrayBuffer())),
  );
  const model = await readLayersModel(readUrl(new URL("model/", location.href)));
  const engine = createTfjsEngine({ backend: "wasm", wasmPaths: new URL("wasm/", location.href).href });
  const scorer = await createScorer({ models: [model], engine });
  const results: PageOutcome["results"] = {};
  const start = performance.now();
  for await (const outcome of scorer.scoreAlerts(packets)) {
    if (!outcome.success) throw outcome.error;
    const detections = toLightCurve(outcome.alert).detections.length;
    results[`${files[outcome.input]} ${outcome.index}`] = { ...toJsonResult(outcome.data), detections };
  }
  const msPerAlert = (performance.now() - start) / Object.keys(results).length;
  scorer.dispose();
  return { evalForbidden: isEvalForbidden(), results, msPerAlert };
}

function isEvalForbidden(): boolean {
  try {
    return new Function("return false")() as boolean;
  } catch {
    return true;
  }
}

const failed = (error: unknown): PageOutcome => ({
  evalForbidden: false,
  results: {},
  msPerAlert: 0,
  error: String(error),
});

declare global {
  interface Window {
    outcome?: PageOutcome;
  }
}

run()
  .catch(failed)
  .then((outcome) => {
    window.outcome = outcome;
  });
