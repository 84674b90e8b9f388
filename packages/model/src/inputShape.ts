import type { ModelInput } from "./types/definition.js";

/** Science, template, difference, where a model does not say otherwise. */
const DEFAULT_PLANES = 3;

/**
 * The shape of an input for one alert, without the batch axis.
 *
 * @param input - an input of a definition
 * @returns (size, size, planes) for an image, (length) for features
 *
 * @example
 * ```ts
 * import { inputShape } from "@btsbot/model";
 *
 * const planes = ["difference"] as const;
 * inputShape({ kind: "image", name: "image", preprocessing: { normalization: "l2", size: 21, planes } }); // => [21, 21, 1]
 * ```
 */
export function inputShape(input: ModelInput): number[] {
  if (input.kind === "features") return [input.length];
  const { size, planes } = input.preprocessing;
  return [size, size, planes?.length ?? DEFAULT_PLANES];
}
