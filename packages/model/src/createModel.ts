import { checkWeights } from "./checkWeights.js";
import { hashDefinition } from "./hashDefinition.js";
import { hashWeights } from "./hashWeights.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Model, ModelSource, Weights } from "./types/model.js";

/**
 * Joins a network and its weights, checked and hashed.
 *
 * @param definition - the network
 * @param weights - the weights by `layer/weight`
 * @param source - where the weights come from
 * @returns the model; its `sha256` and `definitionSha256` are empty where the platform cannot hash (see `hashBytes`)
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
  const definitionSha256 = (await hashDefinition(definition)) ?? "";
  return { definition, weights, sha256, definitionSha256, ...(source !== undefined && { source }) };
}
