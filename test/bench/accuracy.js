import { readFileSync } from "node:fs";
import { parseAlerts, toLightCurve } from "@btsbot/alert";
import { measureStamp, readStamps, toTriplet } from "@btsbot/cutout";
import { BTSBOT_V1, computeCustomFeatures, extractFeatures } from "@btsbot/features";
import { createScorer } from "@btsbot/core";
import { createOnnxEngine, readOnnxModel } from "@btsbot/onnx";
import { createSimdEngine } from "@btsbot/simd";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx, PUBLISHED_MODELS } from "@btsbot/weights";
import * as ort from "onnxruntime-node";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { dataFolder, readInputs, readModel } from "./inputs.js";

const MODEL = "btsbot-v1.0.1";
const PIXELS = 63 * 63 * 3;
/** The names that the reference has for ALeRCE's models of images alone. */
const IMAGE_CHECKPOINTS = { "alerce-images": "best_model_new_bogus", "alerce-images-reg": "best_model_new_bogus_reg" };

/** The largest differences to what the authors published and to an independent implementation in float64. */
export async function accuracy() {
  const { model } = await readInputs();
  enableProdMode();
  process.stdout.write("\nlargest differences\n");
  const sn2023tyk = readSn2023tyk();
  for (const backend of ["cpu", "wasm"]) {
    await setBackend(backend);
    const prepared = await createTfjsEngine({ backend }).prepare(model);
    const scores = await prepared.predict({ triplet: sn2023tyk.triplets, metadata: sn2023tyk.metadata }, 23);
    prepared.dispose();
    print(`SN 2023tyk, 23 published scores, ${backend}`, largest(sn2023tyk.expected, scores));
  }
  await packets(model);
  await everyModel();
}

/**
 * Every published model on every packet, from bytes, on each engine. What onnxruntime is off by, with the same weights
 * and the same inputs, is what single precision costs anybody.
 */
async function everyModel() {
  const { packets, truthOf } = readTruth();
  const models = await Promise.all(PUBLISHED_MODELS.map(({ name }) => readModel(name)));
  const runs = {
    simd: await errorsOf(models, createSimdEngine(), packets, truthOf),
    "tfjs wasm": await errorsOf(models, createTfjsEngine({ backend: "wasm" }), packets, truthOf),
    onnxruntime: await errorsOf(await Promise.all(models.map(toOnnx)), createOnnxEngine({ ort }), packets, truthOf),
  };
  const engines = Object.keys(runs);
  process.stdout.write(`\n  ${"largest difference to float64, by model".padEnd(42)}  packets`);
  process.stdout.write(`${engines.map((name) => name.padStart(13)).join("")}\n`);
  for (const { name } of PUBLISHED_MODELS) {
    const cells = engines.map((engine) => runs[engine].get(name).most.toExponential(1).padStart(13)).join("");
    process.stdout.write(`  ${name.padEnd(42)}  ${String(runs.simd.get(name).scored).padStart(7)}${cells}\n`);
  }
}

/** The packets of the data folder, and what the reference says of each model's answer. */
function readTruth() {
  const read = (name) => JSON.parse(readFileSync(`${dataFolder}/reference/${name}`, "utf8"));
  const [reference, images] = [read("scores.json"), read("alerce-images.json")];
  const files = [...new Set(reference.map(({ file }) => file))];
  const find = (entries, { input, index }) =>
    entries.find((entry) => entry.file === files[input] && entry.index === index);
  return {
    packets: files.map((file) => new Uint8Array(readFileSync(`${dataFolder}/alerts/${file}`))),
    truthOf: (outcome, name) => {
      const checkpoint = IMAGE_CHECKPOINTS[name];
      if (checkpoint !== undefined) return find(images, outcome).scores[checkpoint];
      return find(reference, outcome).scores[name === "alerce-stamp" ? "alerce_stamp" : name];
    },
  };
}

async function errorsOf(models, engine, packets, truthOf) {
  const scorer = await createScorer({ models, engine });
  const found = new Map(models.map(({ definition: { name } }) => [name, { most: 0, scored: 0 }]));
  for await (const outcome of scorer.scoreAlerts(packets)) {
    for (const [name, result] of Object.entries(outcome.data.scores)) {
      if (result.status !== "scored") continue;
      const expected = truthOf(outcome, name);
      const pairs = result.classes
        ? Object.entries(result.classes).map(([key, value]) => [value, expected[key]])
        : [[result.score, expected]];
      const at = found.get(name);
      at.scored += 1;
      for (const [value, truth] of pairs) at.most = Math.max(at.most, Math.abs(value - truth));
    }
  }
  scorer.dispose();
  return found;
}

function toOnnx(model) {
  const { name, version, inputs, output } = model.definition;
  return readOnnxModel(exportOnnx(model), { name, version, inputs, output, layout: "nhwc", activation: "linear" });
}

/** All packets, from bytes, on the wasm backend that is set by now. */
async function packets(model) {
  const reference = JSON.parse(readFileSync(`${dataFolder}/reference/scores.json`, "utf8"));
  const found = { stamps: 0, custom: 0, features: 0, triplet: 0, tripletRelative: 0, wasm: 0, onnx: 0 };
  const unscored = [];
  const prepared = await createTfjsEngine().prepare(model);
  const session = await ort.InferenceSession.create(exportOnnx(model));
  for (const entry of reference) {
    const alert = parseAlerts(new Uint8Array(readFileSync(`${dataFolder}/alerts/${entry.file}`)))[entry.index];
    if (entry.error !== undefined) {
      unscored.push(`${entry.file}: ${entry.error}`);
      continue;
    }
    const history = toLightCurve(alert);
    const stamps = readStamps(alert);
    Object.values(stamps).forEach((stamp, place) => {
      const { width, height, nanCount } = measureStamp(stamp);
      const { shape, nan } = entry.cutouts[place];
      if (nanCount !== nan || height !== shape[0] || width !== shape[1]) found.stamps += 1;
    });
    const custom = computeCustomFeatures(alert, history);
    for (const [name, expected] of Object.entries(entry.custom)) {
      if (name in custom) found.custom = Math.max(found.custom, relative(custom[name], expected));
    }
    const { values, reasons } = extractFeatures(BTSBOT_V1, { alert, history });
    Object.values(entry.features_btsbot).forEach((expected, place) => {
      if (expected !== null) found.features = Math.max(found.features, relative(values[place], expected));
    });
    const { pixels } = toTriplet(stamps);
    for (let plane = 0; plane < 3; plane++) {
      let sum = 0;
      for (let i = plane; i < PIXELS; i += 3) sum += pixels[i];
      const expected = entry.triplet.sum[plane];
      found.triplet = Math.max(found.triplet, Math.abs(sum - expected));
      found.tripletRelative = Math.max(
        found.tripletRelative,
        Math.abs(sum - expected) / Math.max(1, Math.abs(expected)),
      );
    }
    const expected = entry.scores[MODEL];
    if (expected === null) {
      unscored.push(`${entry.file}: ${reasons.map(({ code, feature }) => `${code} ${feature}`).join(", ")}`);
      continue;
    }
    const metadata = Float32Array.from(values);
    const [score] = await prepared.predict({ triplet: pixels, metadata }, 1);
    const { fc_out: onnx } = await session.run({
      triplet: new ort.Tensor("float32", pixels, [1, 63, 63, 3]),
      metadata: new ort.Tensor("float32", metadata, [1, 25]),
    });
    found.wasm = Math.max(found.wasm, Math.abs(score - expected));
    found.onnx = Math.max(found.onnx, Math.abs(onnx.data[0] - expected));
  }
  prepared.dispose();
  process.stdout.write(`  ${reference.length} packets; stamps of another shape or NaN count: ${found.stamps}\n`);
  print("custom features, relative", found.custom);
  print("25 features, relative", found.features);
  print("sum of a triplet's plane", found.triplet);
  print("sum of a triplet's plane, relative to the larger of 1 and the sum", found.tripletRelative);
  print("score, tfjs wasm", found.wasm);
  print("score, ONNX in onnxruntime", found.onnx);
  for (const line of unscored) process.stdout.write(`  not scored: ${line}\n`);
}

function readSn2023tyk() {
  const [header, ...rows] = readFileSync(`${dataFolder}/sn2023tyk/candidates.csv`, "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  const cells = rows.map((row) => row.split(",").map(Number));
  const bytes = readFileSync(`${dataFolder}/sn2023tyk/triplets.npy`);
  const start = 10 + bytes.readUInt16LE(8);
  return {
    triplets: Float32Array.from({ length: 23 * PIXELS }, (_, i) => bytes.readDoubleLE(start + 8 * i)),
    metadata: Float32Array.from(
      cells.flatMap((row) => BTSBOT_V1.features.map(({ name }) => row[columns.indexOf(name)])),
    ),
    expected: cells.map((row) => row[columns.indexOf("expected_scores")]),
  };
}

function largest(expected, scores) {
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - scores[index])), 0);
}

function relative(value, expected) {
  return Math.abs(value - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
}

function print(name, value) {
  process.stdout.write(`  ${name.padEnd(66)} ${value.toExponential(1)}\n`);
}
