/**
 * Makes the model that ships, from mini.json: simulates alerts, asks the teacher, trains, rounds to half precision:
 *
 *     btsbot models pull btsbot-v1.0.1
 *     npm run train:mini -- OUT [CONFIG]
 *
 * Run again after an interruption, it goes on. The README beside it says what comes out and how far it is right.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createModel, initializeWeights, writeLayersModel } from "@btsbot/model";
import { fitModel, readCheckpoint, writeCheckpoint } from "@btsbot/train";
import { createSimdEngine } from "@btsbot/simd";
import { openCache } from "@btsbot/weights";
import { makeAlerts } from "./makeAlerts.js";
import { makeDataset } from "./makeDataset.js";
import { miniDefinition, toStandardize, toTrainingDefinition } from "./network.js";
import { splitTeacher } from "./splitTeacher.js";

const [out, configPath = new URL("mini.json", import.meta.url)] = process.argv.slice(2);
const config = JSON.parse(readFileSync(configPath, "utf8"));
const begin = performance.now();
const log = (text) =>
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);

mkdirSync(out, { recursive: true });
const published = await openCache().load(config.teacher);
const teacher = await splitTeacher(published);
const { training, validation, sources, firstStart, apart } = config.surveys;
const jobs = Array.from({ length: training + validation }, (_, place) => ({
  survey: { nights: 1, sources, seed: config.seed * 1000 + place, start: firstStart + place * apart },
  views: config.views,
  disturbed: config.disturbed,
}));
const shards = await makeAlerts(jobs, process.env.MINI_CACHE ?? join(out, "alerts"), config.teacher, log);
const train = makeDataset(shards.slice(0, training), teacher, config);
const held = makeDataset(shards.slice(training), teacher, { ...config, seed: config.seed + 1, blends: 1 });
log(
  `${train.length} rows to train of ${shards.slice(0, training).flatMap(({ alerts }) => alerts).length} alerts, ${held.length} to validate`,
);

const definition = miniDefinition(config);
const { start, frozen } = await makeStart();
const checkpoint = join(out, "checkpoint.bin");
const resume = await readCheckpoint(checkpoint);
const { fit: _, ...dataConfig } = config;
let last = performance.now();
const result = await fitModel(start, {
  settings: { ...config.fit, seed: config.seed, frozen },
  train,
  validation: held,
  backend: "wasm",
  checkpointBatches: 500,
  // Views of another configuration are other data, also with the same network.
  dataKey: JSON.stringify(dataConfig),
  ...(resume && { resume }),
  onStep: ({ epoch, batch, batches }) => {
    if (batch % 200 === 0)
      log(
        `epoch ${epoch}, batch ${batch} of ${batches}, ${((200 * config.fit.batchSize * 1000) / (performance.now() - last)).toFixed(0)} alert-steps/s`,
      );
    if (batch % 200 === 0) last = performance.now();
  },
  onEpoch: (record) => log(JSON.stringify(record)),
  onState: (state) => writeCheckpoint(checkpoint, state),
});
const model = await createModel(definition, toShipped(result.model.weights, toHalf), { license: "MIT" });
mkdirSync(join(out, "models", config.name), { recursive: true });
for (const [name, bytes] of writeLayersModel(model)) writeFileSync(join(out, "models", config.name, name), bytes);
const half = await measureRounding();
writeFileSync(
  join(out, "history.json"),
  `${JSON.stringify({ config, history: result.state.history, ended: result.ended, half }, null, 1)}\n`,
);
log(
  `${model.definition.name}: ${[...model.weights.values()].reduce((sum, { values }) => sum + values.length, 0)} parameters, best epoch ${result.state.schedule.bestEpoch}, ${result.ended}; half precision moves scores by ${half.largest} at most`,
);

/** The network to train: what it takes over of the teacher's is the branch for features, and how both branches are joined. */
async function makeStart() {
  const trained = toTrainingDefinition(definition);
  const weights = new Map(initializeWeights(trained, config.seed));
  const take = (name, values) =>
    weights.set(name, { shape: weights.get(name).shape, values: Float32Array.from(values) });
  const { mean, deviation } = toStandardize(published.weights);
  take("batch_normalization/mean", mean);
  take("batch_normalization/deviation", deviation);
  if (!config.inherit) return { start: await createModel(trained, weights), frozen: [] };
  const frozen = ["meta_fc1", "meta_fc2", "fc_out"];
  for (const layer of frozen) {
    for (const kind of ["kernel", "bias"])
      take(
        `${layer}/${kind}`,
        published.weights
          .get(`${layer}/${kind}`)
          .values.map((value) => (layer === "fc_out" ? value / config.temperature : value)),
      );
  }
  take("comb_fc/bias", published.weights.get("comb_fc/bias").values);
  const joined = weights.get("comb_fc/kernel").values.map((value) => value / 4);
  joined.set(published.weights.get("comb_fc/kernel").values.slice(-128 * 8), joined.length - 128 * 8);
  take("comb_fc/kernel", joined);
  return { start: await createModel(trained, weights), frozen };
}

/** How far scores of the validation part move by half precision, at most and in the mean. */
async function measureRounding() {
  const engine = createSimdEngine();
  const [single, rounded] = [
    await engine.prepare(
      await createModel(
        definition,
        toShipped(result.model.weights, (value) => value),
      ),
    ),
    await engine.prepare(model),
  ];
  let [largest, sum] = [0, 0];
  for (let place = 0; place < held.length; place++) {
    const { inputs } = await held.read([place]);
    const shift = Math.abs((await single.predict(inputs, 1))[0] - (await rounded.predict(inputs, 1))[0]);
    largest = Math.max(largest, shift);
    sum += shift;
  }
  return { largest, mean: sum / held.length };
}

/** The network as it ships: logits at full size, batch normalization as in v1.0.1, every other number rounded. */
function toShipped(weights, round) {
  const shipped = new Map();
  for (const [name, { shape, values }] of weights) {
    if (name.startsWith("batch_normalization/")) continue;
    shipped.set(name, {
      shape,
      values: values.map((value) => round(name.startsWith("fc_out/") ? value * config.temperature : value)),
    });
  }
  for (const [name, weight] of published.weights)
    if (name.startsWith("batch_normalization/")) shipped.set(name, weight);
  return shipped;
}

/** The nearest number of half precision (IEEE 754-2008 binary16), ties to even. */
function toHalf(value) {
  if (value === 0) return 0;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))));
  const unit = 2 ** (exponent - 10);
  const scaled = value / unit;
  const near = Math.round(scaled);
  return (Math.abs(near - scaled) === 0.5 && near % 2 !== 0 ? near - 1 : near) * unit;
}
