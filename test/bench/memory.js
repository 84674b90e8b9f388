import { gunzipSync } from "node:zlib";
import { createScorer } from "@btsbot/core";
import { memory as tensorMemory } from "@tensorflow/tfjs-core";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { readInputs, readModel } from "./inputs.js";

/** Resident memory and the number of tensors while the same packets are scored again and again. */
export async function memory() {
  const { packets, model } = await readInputs();
  await watch([model], packets, 10_000);
  await watch(await Promise.all(PUBLISHED_MODELS.map(({ name }) => readModel(name))), packets, 5_000);
}

async function watch(models, packets, count) {
  const scorer = await createScorer({
    models,
    gunzip: (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes })),
  });
  process.stdout.write(`\nmemory over ${count} alerts, models: ${models.length}\n  alerts  resident MB  tensors\n`);
  let scored = 0;
  for await (const outcome of scorer.scoreAlerts(repeat(packets, count))) {
    if (!outcome.success) throw outcome.error;
    scored += 1;
    if (scored % (count / 10) === 0) {
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
