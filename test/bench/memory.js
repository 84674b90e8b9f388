import { gunzipSync } from "node:zlib";
import { createScorer } from "@btsbot/core";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { readInputs, readModel } from "./inputs.js";

/** Resident memory, and what arrays hold of it, while the same packets are scored again and again. */
export async function memory() {
  const { packets, model } = await readInputs();
  await watch([model], packets, 100_000);
  await watch(await Promise.all(PUBLISHED_MODELS.map(({ name }) => readModel(name))), packets, 5_000);
}

async function watch(models, packets, count) {
  const scorer = await createScorer({
    models,
    gunzip: (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes })),
  });
  process.stdout.write(`\nmemory over ${count} alerts, models: ${models.length}\n  alerts  resident MB  arrays MB\n`);
  let scored = 0;
  for await (const outcome of scorer.scoreAlerts(repeat(packets, count))) {
    if (!outcome.success) throw outcome.error;
    scored += 1;
    if (scored % (count / 10) === 0) {
      globalThis.gc?.();
      const resident = (process.memoryUsage.rss() / 2 ** 20).toFixed(0);
      const arrays = (process.memoryUsage().arrayBuffers / 2 ** 20).toFixed(0);
      process.stdout.write(`  ${String(scored).padStart(6)}  ${resident.padStart(11)}  ${arrays.padStart(9)}\n`);
    }
  }
  scorer.dispose();
}

function* repeat(packets, count) {
  for (let i = 0; i < count; i++) yield packets[i % packets.length];
}
