import type { ModelDefinition } from "@btsbot/model";

/** A network that is quick on any engine: two dense layers on the features alone. */
export const poolNetwork: ModelDefinition = {
  name: "quick",
  version: "0",
  inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 }],
  layers: [
    { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 1e6, momentum: 0.99 },
    { type: "dense", name: "fc1", inputs: ["norm"], units: 4, activation: "tanh", useBias: true },
    { type: "dense", name: "fc_out", inputs: ["fc1"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "fc_out" },
};
