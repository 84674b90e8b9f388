// node examples/rubin/score.mjs [FILE...]
//
// Scores Rubin's alerts, in containers or framed, with a network of your own that reads Rubin's fields and its stamps of
// 30 x 30, and prints one line of JSON for each. The weights here are random, from a seed: put trained ones in their
// place. Without arguments it scores a made-up alert.
import { readFile } from "node:fs/promises";
import { encodeAlerts, LSST } from "@btsbot/alert";
import { createScorer, toJsonResult } from "@btsbot/core";
import { writeFits } from "@btsbot/cutout";
import { createModel, initializeWeights } from "@btsbot/model";

const SEED = 1;

/** Any field of `diaSource` by its name, and what is computed of the history; `survey` keeps ZTF's alerts out. */
const profile = {
  name: "rubin-mine",
  survey: "lsst",
  features: [
    "reliability",
    "snr",
    "magpsf",
    { name: "extendedness", rule: { field: "extendedness", missing: 0 } },
    { name: "edge", rule: { field: "pixelFlags_edge", missing: 0 } },
    { name: "detections", rule: { history: "count" } },
    { name: "rise", unit: "mag", rule: { "-": [{ history: "first", of: "magpsf" }, "magpsf"] } },
  ],
};

const definition = {
  name: "rubin-mine",
  version: "1",
  inputs: [
    { kind: "image", name: "stamps", preprocessing: { normalization: "l2", size: 30 } },
    { kind: "features", name: "fields", profile, length: profile.features.length },
  ],
  layers: [
    {
      type: "conv2d",
      name: "conv",
      inputs: ["stamps"],
      filters: 4,
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: "same",
      activation: "relu",
      useBias: true,
    },
    { type: "globalAveragePooling2d", name: "mean", inputs: ["conv"] },
    { type: "batchNormalization", name: "scale", inputs: ["fields"], epsilon: 1e-3, momentum: 0.99 },
    { type: "concatenate", name: "both", inputs: ["mean", "scale"] },
    { type: "dense", name: "score", inputs: ["both"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "score" },
};

const model = await createModel(definition, initializeWeights(definition, SEED));
const scorer = await createScorer({ models: model, read: { surveys: [LSST] } });
const files = process.argv.slice(2);
const inputs = files.length > 0 ? files.map((file) => readFile(file)) : [makeAlert()];
for await (const outcome of scorer.scoreAlerts(readInTurn(inputs))) {
  const line = outcome.success ? toJsonResult(outcome.data) : { error: outcome.error.message };
  process.stdout.write(`${JSON.stringify({ file: files[outcome.input], ...line })}\n`);
  if (!outcome.success) process.exitCode = 1;
}
scorer.dispose();

/** Waits for each input when its turn has come. */
async function* readInTurn(waiting) {
  for (const input of waiting) yield await input;
}

/** A container with one alert, as Rubin would send it. */
function makeAlert() {
  const pixels = Float32Array.from({ length: 30 * 30 }, (_, at) =>
    Math.exp(-(((at % 30) - 15) ** 2 + (Math.floor(at / 30) - 15) ** 2) / 8),
  );
  const stamp = { stampData: writeFits({ width: 30, height: 30, pixels }) };
  const alert = {
    objectId: "170055001640894469",
    candid: 170032890044678150n,
    candidate: { jd: 2461000.75, fid: 13, ra: 55.75, dec: -32.25, magpsf: 20.5, sigmapsf: 0.05, drb: 0.9, snr: 20 },
    prv_candidates: [{ jd: 2460998.75, fid: 12, magpsf: 21.25, isdiffpos: "t", candid: 170032890044678149n }],
    cutoutScience: stamp,
    cutoutTemplate: stamp,
    cutoutDifference: stamp,
  };
  return encodeAlerts([alert], { survey: LSST });
}
