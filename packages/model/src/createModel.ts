import { checkWeights } from "./checkWeights.js";
import { hashWeights } from "./hashWeights.js";
import type { Model, ModelDefinition, ModelSource, Weights } from "./types.js";

/**
 * Joins a network and its weights, checked and hashed.
 *
 * @param definition - the network
 * @param weights - the weights by `layer/weight`
 * @param source - where the weights come from
 * @returns the model; its `sha256` is empty where the platform cannot hash (see `hashWeights`)
 * @throws BtsbotError as `checkWeights`
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("mine", "1");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * model.sha256.length; // => 64
 * ```
 */
export async function createModel(definition: ModelDefinition, weights: Weights, source?: ModelSource): Promise<Model> {
  checkWeights(definition, weights);
  const sha256 = (await hashWeights(definition, weights)) ?? "";
  return source === undefined ? { definition, weights, sha256 } : { definition, weights, sha256, source };
}
