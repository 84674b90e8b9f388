import { createRandom } from "@btsbot/chance";
import type { ImagePreprocessing } from "@btsbot/cutout";
import { initializeWeights } from "@btsbot/model";
import type { Layer, ModelDefinition, Weight, Weights } from "@btsbot/model";

/**
 * A network on images of `size` pixels and three features: the layers given, which must leave a vector
 * in `last`, joined with the features and ended by a sigmoid.
 */
export function smallNetwork(
  size: number,
  layers: readonly Layer[],
  last: string,
  planes?: ImagePreprocessing["planes"],
): ModelDefinition {
  return {
    name: "small",
    version: "0",
    inputs: [
      { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size, ...(planes && { planes }) } },
      { kind: "features", name: "metadata", profile: "btsbot-v1", length: 3 },
    ],
    layers: [
      ...layers,
      { type: "concatenate", name: "join", inputs: [last, "metadata"] },
      { type: "dense", name: "fc_out", inputs: ["join"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}

const conv = { strides: [1, 1], padding: "same", activation: "relu", useBias: true } as const;

/** Small networks that between them hold every kind of layer, padding, stride and activation. */
export const SMALL_NETWORKS: Readonly<Record<string, ModelDefinition>> = {
  "convolution, same, odd kernel": smallNetwork(
    9,
    [
      { type: "conv2d", name: "conv", inputs: ["triplet"], filters: 4, kernelSize: [5, 5], ...conv },
      { type: "maxPooling2d", name: "pool", inputs: ["conv"], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
      { type: "dropout", name: "drop", inputs: ["pool"], rate: 0.5 },
      { type: "flatten", name: "flat", inputs: ["drop"] },
    ],
    "flat",
  ),
  "convolution, even kernel and strides": smallNetwork(
    8,
    [
      {
        type: "conv2d",
        name: "conv1",
        inputs: ["triplet"],
        filters: 5,
        kernelSize: [4, 2],
        ...conv,
        strides: [2, 3],
        activation: "tanh",
      },
      {
        type: "conv2d",
        name: "conv2",
        inputs: ["conv1"],
        filters: 2,
        kernelSize: [2, 2],
        ...conv,
        padding: "valid",
        useBias: false,
      },
      { type: "maxPooling2d", name: "pool", inputs: ["conv2"], poolSize: [2, 2], strides: [2, 2], padding: "same" },
      { type: "flatten", name: "flat", inputs: ["pool"] },
    ],
    "flat",
  ),
  "separable convolution and global average": smallNetwork(
    7,
    [
      {
        type: "separableConv2d",
        name: "separable",
        inputs: ["triplet"],
        filters: 6,
        kernelSize: [3, 3],
        depthMultiplier: 1,
        ...conv,
        activation: "linear",
      },
      { type: "activation", name: "relu", inputs: ["separable"], activation: "relu" },
      {
        type: "separableConv2d",
        name: "separable2",
        inputs: ["relu"],
        filters: 4,
        kernelSize: [3, 3],
        depthMultiplier: 2,
        ...conv,
        padding: "valid",
      },
      { type: "globalAveragePooling2d", name: "average", inputs: ["separable2"] },
    ],
    "average",
  ),
  "dense, batch normalization, softmax": smallNetwork(
    3,
    [
      { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
      { type: "dense", name: "fc1", inputs: ["norm"], units: 7, activation: "sigmoid", useBias: false },
      { type: "dense", name: "fc2", inputs: ["fc1"], units: 4, activation: "softmax", useBias: true },
      { type: "flatten", name: "pixels", inputs: ["triplet"] },
      { type: "concatenate", name: "both", inputs: ["fc2", "pixels"] },
    ],
    "both",
  ),
  "zero padding, clip and standardization": smallNetwork(
    5,
    [
      {
        type: "zeroPadding2d",
        name: "pad",
        inputs: ["triplet"],
        padding: [
          [1, 2],
          [3, 0],
        ],
      },
      { type: "standardize", name: "standard1", inputs: ["pad"] },
      {
        type: "conv2d",
        name: "conv",
        inputs: ["standard1"],
        filters: 3,
        kernelSize: [4, 4],
        ...conv,
        padding: "valid",
      },
      { type: "flatten", name: "flat", inputs: ["conv"] },
      {
        type: "clip",
        name: "clip",
        inputs: ["metadata"],
        bounds: [
          [-0.25, null],
          [null, 0.125],
          [-0.5, 0.5],
        ],
      },
      { type: "standardize", name: "standard2", inputs: ["clip"] },
      { type: "concatenate", name: "both", inputs: ["flat", "standard2"] },
    ],
    "both",
  ),
  "four rotations and their mean, of vectors and of images": smallNetwork(
    6,
    [
      { type: "rotations", name: "turned", inputs: ["triplet"] },
      { type: "conv2d", name: "conv", inputs: ["turned"], filters: 4, kernelSize: [3, 2], ...conv, padding: "valid" },
      { type: "flatten", name: "flat", inputs: ["conv"] },
      { type: "dense", name: "fc", inputs: ["flat"], units: 5, activation: "relu", useBias: true },
      { type: "cyclicPooling", name: "mean", inputs: ["fc"] },
      { type: "cyclicPooling", name: "image", inputs: ["conv"] },
      { type: "globalAveragePooling2d", name: "average", inputs: ["image"] },
      { type: "concatenate", name: "both", inputs: ["mean", "average"] },
    ],
    "both",
  ),
  "one plane": smallNetwork(
    9,
    [
      { type: "conv2d", name: "conv", inputs: ["triplet"], filters: 4, kernelSize: [3, 3], ...conv },
      { type: "maxPooling2d", name: "pool", inputs: ["conv"], poolSize: [2, 2], strides: [2, 2], padding: "valid" },
      { type: "flatten", name: "flat", inputs: ["pool"] },
    ],
    "flat",
    ["difference"],
  ),
  "two planes, four rotations": smallNetwork(
    6,
    [
      { type: "rotations", name: "turned", inputs: ["triplet"] },
      { type: "conv2d", name: "conv", inputs: ["turned"], filters: 8, kernelSize: [3, 3], ...conv },
      { type: "globalAveragePooling2d", name: "average", inputs: ["conv"] },
      { type: "cyclicPooling", name: "mean", inputs: ["average"] },
    ],
    "mean",
    ["difference", "science"],
  ),
  "five classes": {
    name: "classes",
    version: "0",
    inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 3 }],
    layers: [{ type: "dense", name: "softmax", inputs: ["metadata"], units: 5, activation: "softmax", useBias: true }],
    output: { kind: "classes", layer: "softmax", classes: ["a", "b", "c", "d", "e"] },
  },
};

/** Numbers in (-1, 1); the same seed gives the same numbers. */
export function noise(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** Weights with nothing left at 0 or 1: biases, means and scales are noise too, variances and deviations positive. */
export function noisyWeights(definition: ModelDefinition, seed: number): Weights {
  const weights = new Map<string, Weight>(initializeWeights(definition, seed));
  for (const [name, { shape, values }] of weights) {
    if (name.endsWith("kernel")) continue;
    const random = noise(values.length, seed + values.length);
    weights.set(name, {
      shape,
      values: /variance$|deviation$/.test(name) ? random.map((value) => 1.5 + value) : random,
    });
  }
  return weights;
}
