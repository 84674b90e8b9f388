import { makeConvBranch, makeDense, makeDropout } from "./makeLayers.js";
import type { ModelDefinition } from "./types/definition.js";

/**
 * BTSbot's multi-modal network: a VGG-like branch for the triplet, a dense branch for the 25 features,
 * joined by a small head that ends in a sigmoid.
 *
 * @param name - the model's name
 * @param version - the model's version
 * @param size - pixels on a side of the image, 3 to 63; the paper tries 3, 5, 7, 13, 21, 35, 49 and 63.
 * With 13 or less there is no pooling
 * @returns the definition, layers named as in the authors' v1.0.1
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Table 2, Figure 5 and Appendix C. The paper names a softmax
 * at the end; the published model has a sigmoid.
 *
 * @example
 * ```ts
 * import { mmCnn } from "@btsbot/model";
 *
 * mmCnn().layers.at(-1)?.name; // => "fc_out"
 * ```
 */
export function mmCnn(name = "btsbot", version = "untrained", size = 63): ModelDefinition {
  return {
    name,
    version,
    inputs: [
      { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size } },
      { kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 },
    ],
    layers: [
      ...makeConvBranch({ kernel: 5, filters: [32, 64], pools: [2, 4], rates: [0.5, 0.55] }, size),
      { type: "batchNormalization", name: "batch_normalization", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
      makeDense("meta_fc1", "batch_normalization", 128),
      makeDropout("meta_dropout", "meta_fc1", 0.25),
      makeDense("meta_fc2", "meta_dropout", 128),
      { type: "concatenate", name: "concatenate", inputs: ["flatten", "meta_fc2"] },
      makeDense("comb_fc", "concatenate", 8),
      makeDropout("comb_dropout", "comb_fc", 0.2),
      makeDense("fc_out", "comb_dropout", 1, "sigmoid"),
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}
