import { createRandom } from "@btsbot/chance";
import type { ModelDefinition } from "./types/definition.js";
import type { Weight, Weights } from "./types/model.js";
import { weightSpecs } from "./weightSpecs.js";

/** Weights that start at 1; kernels start at random, the others at 0. */
const ONES: readonly string[] = ["gamma", "moving_variance", "deviation"];

/**
 * Fresh weights for a network: kernels Glorot-uniform, biases, means and `beta` 0, `gamma`, variances
 * and deviations 1, as Keras starts them.
 *
 * @param definition - the network
 * @param seed - any integer; the same seed gives the same weights
 * @returns the weights by `layer/weight`
 *
 * Source: Glorot and Bengio 2010, AISTATS 9, 249, eq. 16.
 *
 * @example
 * ```ts
 * import { initializeWeights, mmCnn } from "@btsbot/model";
 *
 * initializeWeights(mmCnn(), 1).get("conv1/bias")?.values[0]; // => 0
 * ```
 */
export function initializeWeights(definition: ModelDefinition, seed: number): Weights {
  const random = createRandom(seed);
  const weights = new Map<string, Weight>();
  for (const { name, shape } of weightSpecs(definition)) {
    const values = new Float32Array(shape.reduce((product, axis) => product * axis, 1));
    const kind = name.slice(name.lastIndexOf("/") + 1);
    if (kind.endsWith("kernel")) {
      const window = shape.slice(0, -2).reduce((product, axis) => product * axis, 1);
      const limit = Math.sqrt(6 / (window * (shape[shape.length - 2] + shape[shape.length - 1])));
      for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random() - 1);
    } else if (ONES.includes(kind)) {
      values.fill(1);
    }
    weights.set(name, { shape, values });
  }
  return weights;
}
