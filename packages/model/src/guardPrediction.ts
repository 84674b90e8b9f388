import { checkBatch } from "./checkBatch.js";
import { findReach } from "./findReach.js";
import { inputLength } from "./inputLength.js";
import { outputLength } from "./outputLength.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Batch, PreparedModel } from "./types/engine.js";
import type { Model } from "./types/model.js";

/**
 * Makes of what runs a network on a batch the `predict` of an engine: checks the batch first (`checkBatch`), and
 * gives NaN to every alert whose inputs are so large that a number inside of the network could leave single
 * precision. Runtimes differ in what they make of infinity and NaN: a ReLU makes 0 of it on some, which becomes a
 * score that looks real. So no such number is ever computed, the others of the batch are not touched by it, and all
 * engines that run layers answer alike.
 *
 * @param model - the network with its weights
 * @param run - runs it on a batch that has been checked; it sees zeros where an alert is left out
 * @returns what an engine gives as `predict`
 *
 * @example
 * ```ts
 * import { createModel, guardPrediction, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn();
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const predict = guardPrediction(model, async (batch, count) => new Float32Array(count).fill(0.5));
 * const batch = { triplet: new Float32Array(2 * 11907), metadata: new Float32Array(50).fill(3e38, 25) };
 * await predict(batch, 2); // => new Float32Array([0.5, NaN])
 * ```
 */
export function guardPrediction(model: Model, run: PreparedModel["predict"]): PreparedModel["predict"] {
  const { definition } = model;
  const length = outputLength(definition.output);
  let reach: number | undefined;
  return async (batch, count) => {
    checkBatch(definition, batch, count);
    const outside = findOutside(definition, batch, count, (reach ??= findReach(model)));
    if (outside.length === 0) return run(batch, count);
    const answers = await run(without(definition, batch, outside), count);
    for (const alert of outside) answers.fill(NaN, alert * length, (alert + 1) * length);
    return answers;
  };
}

/** The places of the alerts that have a larger input than the network can take. */
function findOutside({ inputs }: ModelDefinition, batch: Batch, count: number, reach: number): number[] {
  const outside = new Set<number>();
  for (const input of inputs) {
    const values = batch[input.name];
    const length = inputLength(input);
    for (let alert = 0; alert < count; alert += 1) {
      for (let i = alert * length; i < (alert + 1) * length; i += 1) {
        if (Math.abs(values[i]) <= reach) continue;
        outside.add(alert);
        break;
      }
    }
  }
  return [...outside];
}

/** The batch with zeros for some of its alerts; the given one is the caller's. */
function without({ inputs }: ModelDefinition, batch: Batch, alerts: readonly number[]): Batch {
  return Object.fromEntries(
    inputs.map((input): [string, Float32Array] => {
      const length = inputLength(input);
      const values = batch[input.name].slice();
      for (const alert of alerts) values.fill(0, alert * length, (alert + 1) * length);
      return [input.name, values];
    }),
  );
}
