import { initializeWeights, createModel } from "@btsbot/model";
import type { Model, ModelDefinition } from "@btsbot/model";
import type { Dataset, Examples, FitSettings } from "@btsbot/train";
import { conv2d } from "../../../../test/support/conv2d.js";
import { noise } from "../../../../test/support/networks.js";

/** A network on 8 x 8 pixels and three features, with dropout and batch normalization. */
export const SMALL: ModelDefinition = {
  name: "small",
  version: "1",
  inputs: [
    { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 8 } },
    { kind: "features", name: "metadata", profile: "btsbot-v1", length: 3 },
  ],
  layers: [
    conv2d("conv", "triplet", 4),
    { type: "globalAveragePooling2d", name: "pool", inputs: ["conv"] },
    { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 0.001, momentum: 0.9 },
    { type: "concatenate", name: "join", inputs: ["pool", "norm"] },
    { type: "dense", name: "fc", inputs: ["join"], units: 8, activation: "relu", useBias: true },
    { type: "dropout", name: "drop", inputs: ["fc"], rate: 0.3 },
    { type: "dense", name: "out", inputs: ["drop"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "out" },
};

export async function startModel(definition = SMALL): Promise<Model> {
  return createModel(definition, initializeWeights(definition, 2));
}

/** Alerts whose label shows in a feature and in the brightness of the image, both under noise. */
export function makeData(length: number, seed: number): Dataset {
  const labels = Int32Array.from(noise(length, seed), (value) => (value > 0.2 ? 1 : 0));
  const metadata = noise(3 * length, seed + 1).map(
    (value, place) => value + (place % 3 === 1 ? 1.2 * labels[Math.floor(place / 3)] : 0),
  );
  const triplet = noise(192 * length, seed + 2).map(
    (value, place) => 0.3 * value + 0.1 * labels[Math.floor(place / 192)],
  );
  const pick = (from: Float32Array, each: number, indices: ArrayLike<number>): Float32Array => {
    const picked = new Float32Array(each * indices.length);
    Array.from(indices, (index, place) => picked.set(from.subarray(each * index, each * (index + 1)), each * place));
    return picked;
  };
  return {
    length,
    read: async (indices): Promise<Examples> => ({
      inputs: { triplet: pick(triplet, 192, indices), metadata: pick(metadata, 3, indices) },
      labels: Int32Array.from(indices, (index) => labels[index]),
      targets: Float32Array.from(indices, (index) => labels[index]),
      weights: Float32Array.from(indices, (index) => 1 + labels[index]),
    }),
  };
}

export const SETTINGS: FitSettings = {
  epochs: 6,
  batchSize: 16,
  adam: { learningRate: 0.01, beta1: 0.9, beta2: 0.99 },
  schedule: { factor: 0.5, patience: 2, minLearningRate: 1e-4, stopPatience: 5 },
  beta: 0.1,
  augment: true,
  seed: 7,
};
