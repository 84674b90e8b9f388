import { parseAlert, toLightCurve } from "@btsbot/alert";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { extractFeatures, getProfile } from "@btsbot/features";
import { inferShapes } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { exportOnnx } from "@btsbot/weights";
import * as ort from "onnxruntime-node";
import { BUILDS } from "./builds.js";
import { describeMachine, readInputs } from "./inputs.js";

const BLENDS = 1000;
const BATCH = 20;

/**
 * Errors of the score to the same network in float64, on mixes of two real alerts each, whose scores lie
 * anywhere between 0 and 1. Plain loops in float64 take a third of a second for each.
 */
export async function blends() {
  const { packets, model } = await readInputs();
  const { definition } = model;
  const alerts = packets
    .map((bytes) => readAlert(definition, parseAlert(bytes)))
    .filter(({ metadata }) => metadata.every(Number.isFinite));
  const [image, features] = definition.inputs;
  const mixes = Array.from({ length: BLENDS }, (_, i) => mix(alerts, i));
  const truth = mixes.map((mixed, i) => {
    if (i % 50 === 0) process.stderr.write(`\rfloat64: ${i} of ${BLENDS}`);
    return forward(model, { [image.name]: mixed.triplet, [features.name]: mixed.metadata });
  });
  const middle = truth.filter((score) => score > 0.05 && score < 0.95).length;
  process.stderr.write("\r");
  process.stdout.write(
    `\n${describeMachine()}\nlargest error of ${definition.name} to float64, ${BLENDS} mixes of two alerts, ${middle} scores between 0.05 and 0.95\n`,
  );
  const session = await ort.InferenceSession.create(exportOnnx(model), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const engines = await Promise.all(
    BUILDS.map(async (build) => [`simd engine, ${build}`, await createSimdEngine({ build }).prepare(model)]),
  );
  const runs = [
    ...engines.map(([name, prepared]) => [name, (batch) => prepared.predict(batch, BATCH)]),
    ["onnxruntime-node", (batch) => runOnnx(session, definition, batch)],
  ];
  for (const [name, run] of runs) {
    let most = 0;
    for (let start = 0; start < BLENDS; start += BATCH) {
      const part = mixes.slice(start, start + BATCH);
      const scores = await run({
        [image.name]: join(part.map(({ triplet }) => triplet)),
        [features.name]: join(part.map(({ metadata }) => metadata)),
      });
      for (let i = 0; i < BATCH; i++) most = Math.max(most, Math.abs(scores[i] - truth[start + i]));
    }
    process.stdout.write(`  ${most.toExponential(1)}  ${name}\n`);
  }
  engines.forEach(([, prepared]) => prepared.dispose());
}

function readAlert({ inputs: [image, features] }, alert) {
  const { values } = extractFeatures(getProfile(features.profile), { alert, history: toLightCurve(alert) });
  return { triplet: toTriplet(readStamps(alert), image.preprocessing).pixels, metadata: Float32Array.from(values) };
}

/** Shares from 0.2 to 0.8 of two alerts: the same each time. */
function mix(alerts, place) {
  const first = alerts[place % alerts.length];
  const second = alerts[(place + 1 + Math.floor(place / alerts.length)) % alerts.length];
  const share = 0.2 + (0.6 * ((place * 7) % 11)) / 10;
  const between = (a, b) => a.map((value, i) => share * value + (1 - share) * b[i]);
  return { triplet: between(first.triplet, second.triplet), metadata: between(first.metadata, second.metadata) };
}

function join(arrays) {
  const joined = new Float32Array(arrays.length * arrays[0].length);
  arrays.forEach((array, i) => joined.set(array, i * array.length));
  return joined;
}

async function runOnnx(session, { inputs }, batch) {
  const feeds = Object.fromEntries(
    inputs.map((input) => {
      const shape = input.kind === "image" ? [input.preprocessing.size, input.preprocessing.size, 3] : [input.length];
      return [input.name, new ort.Tensor("float32", batch[input.name], [BATCH, ...shape])];
    }),
  );
  return Object.values(await session.run(feeds))[0].data;
}

/** The network in float64: the layers of BTSbot. */
function forward({ definition, weights }, inputs) {
  const shapes = inferShapes(definition);
  const values = new Map(Object.entries(inputs).map(([name, data]) => [name, Float64Array.from(data)]));
  for (const layer of definition.layers) {
    const read = layer.inputs.map((name) => values.get(name));
    const weight = (name) => weights.get(`${layer.name}/${name}`)?.values;
    values.set(
      layer.name,
      activate(
        runLayer(
          layer,
          read,
          layer.inputs.map((name) => shapes.get(name)),
          shapes.get(layer.name),
          weight,
        ),
        layer.activation,
      ),
    );
  }
  return values.get(definition.output.layer)[0];
}

function runLayer(layer, [input, ...others], [from], to, weight) {
  switch (layer.type) {
    case "dropout":
    case "flatten":
    case "activation":
      return input;
    case "concatenate":
      return Float64Array.from([input, ...others].flatMap((part) => [...part]));
    case "batchNormalization":
      return input.map((value, i) => {
        const c = i % from.at(-1);
        return (
          ((value - weight("moving_mean")[c]) / Math.sqrt(weight("moving_variance")[c] + layer.epsilon)) *
            weight("gamma")[c] +
          weight("beta")[c]
        );
      });
    case "dense":
      return multiply(input, weight("kernel"), weight("bias"), layer.units);
    case "maxPooling2d":
      return pool(layer, input, from, to);
    case "conv2d":
      return convolve(layer, input, from, to, weight("kernel"), weight("bias"));
    default:
      throw new Error(`no layer ${layer.type} in float64`);
  }
}

function activate(values, activation = "linear") {
  if (activation === "linear") return values;
  if (activation === "relu") return values.map((value) => Math.max(0, value));
  if (activation === "sigmoid") return values.map((value) => 1 / (1 + Math.exp(-value)));
  throw new Error(`no activation ${activation} in float64`);
}

function multiply(input, kernel, bias, units) {
  const sums = Float64Array.from(bias);
  for (let i = 0; i < input.length; i++)
    for (let unit = 0; unit < units; unit++) sums[unit] += input[i] * kernel[i * units + unit];
  return sums;
}

function convolve(
  { kernelSize: [rows, columns], padding, strides },
  input,
  [height, width, channels],
  [outHeight, outWidth, filters],
  kernel,
  bias,
) {
  if (strides.some((step) => step !== 1)) throw new Error("no convolution with steps in float64");
  const output = new Float64Array(outHeight * outWidth * filters);
  const sums = new Float64Array(filters);
  const [top, left] = padding === "same" ? [(rows - 1) >> 1, (columns - 1) >> 1] : [0, 0];
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      sums.set(bias);
      for (let i = Math.max(0, top - y); i < Math.min(rows, height + top - y); i++) {
        for (let j = Math.max(0, left - x); j < Math.min(columns, width + left - x); j++) {
          const pixel = ((y + i - top) * width + x + j - left) * channels;
          for (let c = 0; c < channels; c++)
            addScaled(sums, input[pixel + c], kernel, ((i * columns + j) * channels + c) * filters);
        }
      }
      output.set(sums, (y * outWidth + x) * filters);
    }
  }
  return output;
}

function addScaled(sums, factor, kernel, at) {
  for (let filter = 0; filter < sums.length; filter++) sums[filter] += factor * kernel[at + filter];
}

function pool({ poolSize: [rows, columns], strides, padding }, input, [, width, channels], [outHeight, outWidth]) {
  if (padding !== "valid") throw new Error("no padded pooling in float64");
  return Float64Array.from({ length: outHeight * outWidth * channels }, (_, place) => {
    const [y, x, c] = [
      Math.floor(place / (outWidth * channels)),
      Math.floor(place / channels) % outWidth,
      place % channels,
    ];
    let most = -Infinity;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        most = Math.max(most, input[((y * strides[0] + i) * width + x * strides[1] + j) * channels + c]);
    return most;
  });
}
