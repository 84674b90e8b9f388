import { inputShape } from "./inputShape.js";
import type { ModelInput } from "./types/definition.js";

/**
 * How many numbers one alert gives to an input.
 *
 * @param input - an input of a definition
 * @returns size x size x planes for an image, the profile's length for features
 *
 * @example
 * ```ts
 * import { inputLength } from "@btsbot/model";
 *
 * inputLength({ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } }); // => 11907
 * ```
 */
export function inputLength(input: ModelInput): number {
  return inputShape(input).reduce((product, axis) => product * axis, 1);
}
