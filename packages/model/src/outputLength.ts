import type { ModelOutput } from "./types/definition.js";

/**
 * How many numbers a network gives for one alert.
 *
 * @param output - the output of a definition
 * @returns 1 for a score, else the number of classes
 *
 * @example
 * ```ts
 * import { outputLength } from "@btsbot/model";
 *
 * outputLength({ kind: "score", layer: "fc_out" }); // => 1
 * outputLength({ kind: "classes", layer: "softmax", classes: ["AGN", "SN"] }); // => 2
 * ```
 */
export function outputLength(output: ModelOutput): number {
  return output.kind === "score" ? 1 : output.classes.length;
}
