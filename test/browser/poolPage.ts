// Scores packets on web workers, of which the first breaks at its first batch, and says what came of it.
import { createModel, initializeWeights } from "@btsbot/model";
import { createScorerPool } from "@btsbot/pool";
import type { PoolWorker } from "@btsbot/pool";
import { poolNetwork } from "../support/poolNetwork.js";

export interface PoolPageOutcome {
  readonly scores: readonly unknown[];
  readonly started: number;
  readonly error?: string;
}

declare global {
  interface Window {
    poolOutcome?: PoolPageOutcome;
  }
}

let started = 0;

/** What the pool does by itself, with a program of the test's for the first worker. */
function spawn(): PoolWorker {
  const worker = new Worker(started++ === 0 ? "breakingWorker.js" : "webWorker.js", { type: "module" });
  return {
    post: (message) => {
      worker.postMessage(message);
    },
    listen: (onMessage, onDeath) => {
      worker.addEventListener("message", ({ data }) => {
        onMessage(data);
      });
      worker.addEventListener("error", ({ message }) => {
        onDeath(message);
      });
    },
    terminate: () => {
      worker.terminate();
    },
  };
}

async function run(): Promise<PoolPageOutcome> {
  const packets: unknown = await (await fetch("packets.json")).json();
  const inputs = (packets as readonly string[]).map((packet) =>
    Uint8Array.from(atob(packet), (character) => character.charCodeAt(0)),
  );
  const model = await createModel(poolNetwork, initializeWeights(poolNetwork, 1));
  const scores: unknown[] = [];
  // First with workers of the pool's own, then with those that break.
  for (const own of [true, false]) {
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 2, ...(!own && { spawn }) });
    for await (const outcome of pool.scoreAlerts(inputs)) {
      const result = outcome.success ? outcome.data.scores[poolNetwork.name] : undefined;
      scores.push(result?.status === "scored" ? result.score : outcome);
    }
    await pool.close();
  }
  return { scores, started };
}

run().then(
  (outcome) => (window.poolOutcome = outcome),
  (error: unknown) => (window.poolOutcome = { scores: [], started, error: String(error) }),
);
