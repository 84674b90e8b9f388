import { makeConvBranch, makeDense, makeDropout } from "./makeLayers.js";
import type { ModelDefinition } from "./types/definition.js";

/**
 * The paper's image-only alternative to BTSbot: convolutions and a dense head, no features.
 *
 * @param name - the model's name
 * @param version - the model's version
 * @param size - pixels on a side of the image, 3 to 63; with 13 or less there is no pooling
 * @returns the definition
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Table 5 (UM-CNN) and Appendix C. As for the published
 * network, the head is taken to end in a sigmoid.
 *
 * @example
 * ```ts
 * import { inferShapes, umCnn } from "@btsbot/model";
 *
 * inferShapes(umCnn()).get("flatten"); // => [784]
 * ```
 */
export function umCnn(name = "um-cnn", version = "untrained", size = 63): ModelDefinition {
  return {
    name,
    version,
    inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size } }],
    layers: [
      ...makeConvBranch({ kernel: 3, filters: [64, 16], pools: [2, 4], rates: [0.45, 0.65] }, size),
      makeDense("fc1", "flatten", 128),
      makeDropout("fc_dropout", "fc1", 0.45),
      makeDense("fc_out", "fc_dropout", 1, "sigmoid"),
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}
