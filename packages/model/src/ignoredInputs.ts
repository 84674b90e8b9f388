import type { Model } from "./types/model.js";

/**
 * Inputs on which published weights do not depend, by the SHA-256 of the weights: so a model is known whoever
 * converted it, under whatever name. `test/parity/inputs.test.ts` holds the list against the weights: every
 * other input of a published model moves its answer.
 *
 * ALeRCE's best_model_so_far: after the third convolution nearly every unit is 0 for every real alert, and
 * no stamp changes a probability.
 */
const IGNORED: ReadonlyMap<string, readonly string[]> = new Map([
  ["dade5e94cf7ce24452975118227791a78ff992d5cdf004b81658d6b839b3e347", ["images"]],
]);

/**
 * The inputs that a model reads and that, as far as is known, cannot change its answer: a branch of a network
 * may die in its training. A result of such a model is flagged `input-ignored:<input>`.
 *
 * @param model - the model; its weights are known by their `sha256`
 * @returns the names of the inputs; none for weights that are not known to ignore any
 *
 * @example
 * ```ts
 * import { ignoredInputs, loadDefaultModel } from "@btsbot/model";
 *
 * ignoredInputs(await loadDefaultModel()); // => []
 * ```
 */
export function ignoredInputs({ sha256 }: Pick<Model, "sha256">): readonly string[] {
  return IGNORED.get(sha256) ?? [];
}
