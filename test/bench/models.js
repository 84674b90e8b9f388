import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { createScorer } from "@btsbot/core";
import { outputLength } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { readInputs, readModel } from "./inputs.js";
import { printTimes, timeRounds } from "./rounds.js";

const gunzip = (bytes, maxBytes) => new Uint8Array(gunzipSync(bytes, { maxOutputLength: maxBytes }));
const NAMES = PUBLISHED_MODELS.map(({ name }) => name);

/** Every published model on one alert: each network alone, and all of them from bytes to scores. */
export async function models() {
  const { packets } = await readInputs();
  const loaded = await Promise.all(NAMES.map(readModel));
  const clock = { spent: 0 };
  const scorer = await createScorer({ models: loaded, engine: timedEngine(clock), gunzip });
  let inference = 0;
  let whole = 0;
  const rest = [];
  for (let round = -1; round < 7; round++) {
    for (const bytes of packets) {
      clock.spent = 0;
      const start = performance.now();
      await scorer.scoreAlert(bytes);
      const total = performance.now() - start;
      if (round < 0) continue;
      inference += clock.spent;
      whole += total;
      rest.push(total - clock.spent);
    }
  }
  scorer.dispose();
  const count = 7 * packets.length;
  const runs = {};
  for (const model of loaded) {
    const one = await createScorer({ models: [model], gunzip });
    runs[model.definition.name] = async () => {
      for (const bytes of packets) await one.scoreAlert(bytes);
    };
  }
  printTimes(
    "each published model alone, one alert at a time, bytes to score",
    await timeRounds(runs, packets.length, { rounds: 5, warmups: 1 }),
  );
  printTimes(
    "the same with networks that answer at once: decode, stamps, features, results",
    await timeRounds(
      { "one model": await quick(loaded.slice(0, 1), packets), "all models": await quick(loaded, packets) },
      packets.length,
    ),
    "one model",
  );
  const median = rest.sort((a, b) => a - b)[rest.length >> 1];
  process.stdout.write(
    `\nall ${loaded.length} models on one alert: ${(whole / count).toFixed(2)} ms, of which networks ${(inference / count).toFixed(2)} ms;\n` +
      `  decode, stamps, features and results for all of them: ${median.toFixed(2)} ms (median)\n`,
  );
  for (const names of [["btsbot-v1.0.1"], NAMES]) {
    const file = fileURLToPath(new URL("firstScore.js", import.meta.url));
    const times = Array.from({ length: 5 }, () =>
      Number(spawnSync(process.execPath, [file, ...names], { encoding: "utf8" }).stdout),
    );
    process.stdout.write(
      `first score after start, ${names.length} of them: ${times.sort((a, b) => a - b)[2].toFixed(0)} ms (median of 5 processes, models read from the authors' files)\n`,
    );
  }
}

async function quick(models, packets) {
  const engine = {
    name: "null",
    canRun: async () => true,
    prepare: async ({ definition }) => ({
      backend: "none",
      predict: async (_, count) => new Float32Array(count * outputLength(definition.output)),
      dispose: () => undefined,
    }),
  };
  const scorer = await createScorer({ models, engine, gunzip });
  return async () => {
    for (const bytes of packets) await scorer.scoreAlert(bytes);
  };
}

/** The tfjs engine, one network at a time, with the time that its networks take added up. */
function timedEngine(clock) {
  const engine = createTfjsEngine();
  let last = Promise.resolve();
  return {
    ...engine,
    prepare: async (model) => {
      const prepared = await engine.prepare(model);
      const timed = async (batch, count) => {
        const start = performance.now();
        const scores = await prepared.predict(batch, count);
        clock.spent += performance.now() - start;
        return scores;
      };
      return {
        backend: prepared.backend,
        dispose: () => prepared.dispose(),
        // Networks that wait for one another would be counted twice.
        predict: (batch, count) => (last = last.then(() => timed(batch, count))),
      };
    },
  };
}
