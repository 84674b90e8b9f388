import { gunzipSync } from "node:zlib";
import { createScorer } from "@btsbot/core";
import { memory as tensorMemory } from "@tensorflow/tfjs-core";
import { readInputs } from "./inputs.js";

const ALERTS = 10_000;
const STEP = 1_000;

/** Resident memory and the number of tensors while the same packets are scored again and again. */
export async function memory() {
  const { packets, model } = await readInputs();
  const scorer = await createScorer({
    models: [model],
    gunzip: (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes })),
  });
  process.stdout.write(`\nmemory over ${ALERTS} alerts\n  alerts  resident MB  tensors\n`);
  let scored = 0;
  for await (const outcome of scorer.scoreAlerts(repeat(packets, ALERTS))) {
    if (!outcome.success) throw outcome.error;
    scored += 1;
    if (scored % STEP === 0) {
      globalThis.gc?.();
      const resident = (process.memoryUsage.rss() / 2 ** 20).toFixed(0);
      process.stdout.write(`  ${String(scored).padStart(6)}  ${resident.padStart(11)}  ${String(tensorMemory().numTensors).padStart(7)}\n`);
    }
  }
  scorer.dispose();
  process.stdout.write(`  tensors after dispose: ${tensorMemory().numTensors}\n`);
}

function* repeat(packets, count) {
  for (let i = 0; i < count; i++) yield packets[i % packets.length];
}
