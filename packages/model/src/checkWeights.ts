import { BtsbotError, countOf } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { ModelDefinition } from "./types/definition.js";
import type { Weights } from "./types/model.js";
import { weightSpecs } from "./weightSpecs.js";

/**
 * Checks that weights are those that a network needs: none missing, none besides, each of the right
 * shape and finite.
 *
 * @param definition - the network
 * @param weights - the weights by `layer/weight`
 * @throws BtsbotError with everything that is wrong: `weights-missing`, `weights-misshapen`, `model-invalid`
 *
 * @example
 * ```ts
 * import { checkWeights, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn();
 * checkWeights(definition, initializeWeights(definition, 1)); // => undefined
 * ```
 */
export function checkWeights(definition: ModelDefinition, weights: Weights): void {
  const problems: Problem[] = [];
  const specs = weightSpecs(definition);
  for (const { name, shape } of specs) {
    const weight = weights.get(name);
    const expected = `(${shape.join(", ")})`;
    if (weight === undefined) {
      problems.push(BtsbotError.problem("weights-missing", "no such weight", { path: name, expected }));
      continue;
    }
    const length = shape.reduce((product, axis) => product * axis, 1);
    const got = `(${weight.shape.join(", ")}) with ${countOf(weight.values.length, "value")}`;
    if (String(weight.shape) !== String(shape) || weight.values.length !== length) {
      problems.push(BtsbotError.problem("weights-misshapen", "wrong shape", { path: name, expected, got }));
    } else if (!weight.values.every(Number.isFinite)) {
      problems.push(BtsbotError.problem("model-invalid", "holds NaN or infinity", { path: name }));
    }
  }
  const known = new Set(specs.map(({ name }) => name));
  for (const name of weights.keys()) {
    if (!known.has(name))
      problems.push(BtsbotError.problem("model-invalid", "no layer has this weight", { path: name }));
  }
  if (problems.length > 0) throw new BtsbotError(problems);
}
