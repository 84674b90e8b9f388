import type { ImagePreprocessing, StampPadding } from "./types.js";

/**
 * How an image is made where a system pads small stamps otherwise than the model's definition says, as a feature
 * profile's `stamps` has it.
 *
 * @param preprocessing - what the definition says
 * @param padding - what the system does otherwise; nothing by default
 * @returns the preprocessing with this padding; as it is for `minmax`, which takes whole stamps, so that none is padded
 *
 * @example
 * ```ts
 * import { applyPadding } from "@btsbot/cutout";
 *
 * applyPadding({ normalization: "l2", size: 63 }, "centered"); // => { normalization: "l2", size: 63, padding: "centered" }
 * ```
 */
export function applyPadding(preprocessing: ImagePreprocessing, padding?: StampPadding): ImagePreprocessing {
  return padding === undefined || preprocessing.normalization !== "l2" ? preprocessing : { ...preprocessing, padding };
}
