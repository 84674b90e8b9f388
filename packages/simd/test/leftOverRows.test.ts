import { createModel, inferShapes } from "@btsbot/model";
import type { Layer, ModelDefinition } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { describe, expect, it } from "vitest";
import { naiveForward } from "../../../test/support/naiveForward.js";
import { noise, noisyWeights } from "../../../test/support/networks.js";

const conv = {
  type: "conv2d",
  filters: 5,
  kernelSize: [3, 3],
  strides: [1, 1],
  padding: "valid",
  activation: "linear",
  useBias: true,
} as const;
const pool = { type: "maxPooling2d", poolSize: [2, 2], strides: [2, 2], padding: "valid" } as const;

/** What leaves no rows out itself, before windows that do. */
const NETWORKS: Readonly<Record<string, readonly Layer[]>> = {
  "batch normalization, convolution, pooling": [
    { type: "batchNormalization", name: "norm", inputs: ["triplet"], epsilon: 0.001, momentum: 0.99 },
    { ...conv, name: "conv", inputs: ["norm"] },
    { ...pool, name: "last", inputs: ["conv"] },
  ],
  "convolution, pooling, batch normalization, convolution, pooling": [
    { ...conv, name: "conv1", inputs: ["triplet"] },
    { ...pool, name: "pool1", inputs: ["conv1"] },
    { type: "batchNormalization", name: "norm", inputs: ["pool1"], epsilon: 0.001, momentum: 0.99 },
    { ...conv, name: "conv2", inputs: ["norm"] },
    { ...pool, name: "last", inputs: ["conv2"] },
  ],
  "convolution, pooling, tanh, convolution, pooling": [
    { ...conv, name: "conv1", inputs: ["triplet"] },
    { ...pool, name: "pool1", inputs: ["conv1"] },
    { type: "activation", name: "tanh", inputs: ["pool1"], activation: "tanh" },
    { ...conv, name: "conv2", inputs: ["tanh"] },
    { ...pool, name: "last", inputs: ["conv2"] },
  ],
  "standardization, padding, convolution, pooling": [
    { type: "standardize", name: "standard", inputs: ["triplet"] },
    { ...conv, name: "conv1", inputs: ["standard"] },
    {
      type: "zeroPadding2d",
      name: "pad",
      inputs: ["conv1"],
      padding: [
        [1, 0],
        [0, 2],
      ],
    },
    { ...conv, name: "conv2", inputs: ["pad"] },
    { ...pool, name: "last", inputs: ["conv2"] },
  ],
};

describe.each(Object.entries(NETWORKS))("%s", (_, layers) => {
  it.each([13, 14, 15, 16, 17])("is right where %i pixels leave rows over, and where not", async (size) => {
    const draft: ModelDefinition = {
      name: "left over",
      version: "0",
      inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size } }],
      layers: [...layers, { type: "flatten", name: "flat", inputs: ["last"] }],
      output: { kind: "classes", layer: "flat", classes: [] },
    };
    const [length] = inferShapes(draft).get("flat")!;
    const definition: ModelDefinition = {
      ...draft,
      output: { kind: "classes", layer: "flat", classes: Array.from({ length }, (__, i) => String(i)) },
    };
    const weights = noisyWeights(definition, 1);
    const triplet = noise(size * size * 3, 2);
    const prepared = await createSimdEngine().prepare(await createModel(definition, weights));
    const answer = await prepared.predict({ triplet }, 1);
    prepared.dispose();
    const truth = naiveForward(definition, weights, { triplet });
    const scale = Math.max(...truth.map(Math.abs));
    expect(Math.max(...answer.map((value, i) => Math.abs(value - truth[i]))) / scale).toBeLessThan(1e-5);
  });
});
