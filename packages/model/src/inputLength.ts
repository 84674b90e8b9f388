import type { ModelInput } from "./types.js";

/** Science, template, difference. */
const PLANES = 3;

/**
 * How many numbers one alert gives to an input.
 *
 * @param input - an input of a definition
 * @returns size x size x 3 for an image, the profile's length for features
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

/**
 * The shape of an input for one alert, without the batch axis.
 *
 * @internal
 */
export function inputShape(input: ModelInput): number[] {
  if (input.kind === "features") return [input.length];
  const { size } = input.preprocessing;
  return [size, size, PLANES];
}
