import { createRandom } from "@btsbot/chance";
import { createModel, initializeWeights } from "@btsbot/model";
import type { Layer, Model, ModelDefinition, ModelInput } from "@btsbot/model";
import { conv2d } from "../../../../test/support/conv2d.js";

/** A network of a few hundred weights with both inputs, two branches and a merge. */
export const SMALL: ModelDefinition = {
  name: "small",
  version: "1",
  inputs: [
    { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 8 } },
    { kind: "features", name: "metadata", profile: "btsbot-v1", length: 5 },
  ],
  layers: [
    conv2d("conv", "triplet", 4, { strides: [2, 2] }),
    { type: "flatten", name: "flatten", inputs: ["conv"] },
    { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
    { type: "concatenate", name: "join", inputs: ["flatten", "norm"] },
    { type: "dropout", name: "drop", inputs: ["join"], rate: 0.5 },
    { type: "dense", name: "score", inputs: ["drop"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "score" },
};

/** The small network with weights of a seed. */
export function smallModel(seed = 1): Promise<Model> {
  return createModel(SMALL, randomWeights(SMALL, seed));
}

/** Weights that are all different and of order 1, biases and statistics too. */
export function randomWeights(definition: ModelDefinition, seed: number): Model["weights"] {
  const random = createRandom(seed);
  return new Map(
    [...initializeWeights(definition, 1)].map(([name, { shape, values }]) => [
      name,
      // Variances and deviations are positive.
      { shape, values: values.map(() => (/variance$|deviation$/.test(name) ? 0.5 + random() : 2 * random() - 1)) },
    ]),
  );
}

/** A network of one input and the layers given, the last of which is its output. */
export function network(input: ModelInput, layers: readonly Layer[]): ModelDefinition {
  return { name: "test", version: "1", inputs: [input], layers, output: { kind: "score", layer: layers.at(-1)!.name } };
}
