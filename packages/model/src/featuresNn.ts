import { makeDense, makeDropout } from "./makeLayers.js";
import type { ModelDefinition } from "./types/definition.js";

/**
 * The paper's features-only alternative to BTSbot: a dense network on the 25 features, no image.
 *
 * @param name - the model's name
 * @param version - the model's version
 * @returns the definition
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Table 5 (NN). As for the published network, the head is
 * taken to end in a sigmoid.
 *
 * @example
 * ```ts
 * import { featuresNn } from "@btsbot/model";
 *
 * featuresNn().inputs.map(({ kind }) => kind); // => ["features"]
 * ```
 */
export function featuresNn(name = "nn", version = "untrained"): ModelDefinition {
  return {
    name,
    version,
    inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 }],
    layers: [
      { type: "batchNormalization", name: "batch_normalization", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
      makeDense("fc1", "batch_normalization", 64),
      makeDropout("dropout1", "fc1", 0.4),
      makeDense("fc2", "dropout1", 64),
      makeDense("fc3", "fc2", 64),
      makeDropout("dropout2", "fc3", 0.7),
      makeDense("fc_out", "dropout2", 1, "sigmoid"),
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}
