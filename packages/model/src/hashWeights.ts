import { hashBytes } from "./hashBytes.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Weights } from "./types/model.js";
import { weightBytes } from "./weightBytes.js";

/**
 * SHA-256 of a network's weights: the values as little-endian float32, in the order of `weightSpecs`,
 * without names or padding. It is the hash of `weights.bin` in an exported model.
 *
 * @param definition - the network
 * @param weights - its weights, complete (see `checkWeights`)
 * @returns 64 hexadecimal digits; undefined where the platform has no Web Crypto (a page that was not
 * served over https or from the same machine)
 *
 * @example
 * ```ts
 * import { hashWeights, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn();
 * const hash = await hashWeights(definition, initializeWeights(definition, 1));
 * hash?.length; // => 64
 * ```
 */
export async function hashWeights(definition: ModelDefinition, weights: Weights): Promise<string | undefined> {
  return hashBytes(weightBytes(definition, weights));
}
