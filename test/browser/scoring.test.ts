import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { createScorer } from "@btsbot/core";
import type { ScoredAlert } from "@btsbot/core";
import { writeLayersModel } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageOutcome } from "./page.js";
import { hasBrowser, openBrowser, serveFiles } from "../support/browser.js";
import type { TestBrowser, TestServer } from "../support/browser.js";
import { bundlePage } from "../support/bundlePage.js";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReference } from "../support/reference.js";
import { dataFolder } from "../support/testData.js";

/** No generated code, nothing from elsewhere; compiling WebAssembly is what tfjs needs. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const WASM_FILES = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];

const enabled = hasBrowser && dataFolder !== undefined;

describe.skipIf(!enabled)("real packets in headless Chromium (needs the data folder and Chromium)", () => {
  const folder = dataFolder ?? "";
  let browser: TestBrowser;
  let server: TestServer;
  let outcome: PageOutcome;
  const inNode = new Map<string, ScoredAlert>();

  beforeAll(async () => {
    const files = [...new Set(readReference(folder).map(({ file }) => file))];
    const packets = files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`)));
    const model = await readPublishedModel(folder);

    const scorer = await createScorer({ models: [model], engine: createTfjsEngine({ backend: "wasm" }) });
    for await (const result of scorer.scoreAlerts(packets)) {
      if (result.success) inNode.set(`${files[result.input]} ${result.index}`, result.data);
    }
    scorer.dispose();

    server = await serveFiles(
      new Map<string, Uint8Array | string>([
        ["index.html", '<!doctype html><title>test</title><script type="module" src="page.js"></script>'],
        ["page.js", await bundlePage(fileURLToPath(new URL("page.ts", import.meta.url)))],
        ["packets.json", JSON.stringify(files)],
        ...files.map((file, index) => [`packets/${file}`, packets[index]] as const),
        ...[...writeLayersModel(model)].map(([name, bytes]) => [`model/${name}`, bytes] as const),
        ...WASM_FILES.map((name) => [`wasm/${name}`, readFileSync(`${wasmFolder()}/${name}`)] as const),
      ]),
      POLICY,
    );
    browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => window.outcome !== undefined, undefined, { timeout: 100_000 });
    outcome = await page.evaluate(() => window.outcome!);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("runs under a policy that forbids generated code", () => {
    expect(outcome.error).toBeUndefined();
    expect(outcome.evalForbidden).toBe(true);
  });

  it("scores as Node does, to 1e-6, and leaves the same alerts unscored", () => {
    const { results } = outcome;
    expect(Object.keys(results)).toEqual([...inNode.keys()]);
    let largest = 0;
    for (const [key, here] of inNode) {
      const there = results[key].scores["btsbot-v1.0.1"];
      const expected = here.scores["btsbot-v1.0.1"];
      expect(there.status, key).toBe(expected.status);
      expect(results[key].candid).toBe(here.candid.toString());
      if (there.status === "scored" && expected.status === "scored") {
        largest = Math.max(largest, Math.abs(there.score! - expected.score!));
        expect(there.provenance).toEqual(expected.provenance);
      }
    }
    expect(largest).toBeLessThanOrEqual(1e-6);
  });
});

function wasmFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm"));
}
