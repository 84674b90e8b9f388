import { BtsbotError } from "@btsbot/errors";
import { inputLength } from "./inputLength.js";
import type { Batch, ModelDefinition } from "./types.js";

/**
 * Checks a batch before a network sees it. Every engine calls this: runtimes answer NaN or infinity
 * in the input with NaN, infinity or 0, and 0 becomes a score that looks real.
 *
 * @param definition - the network
 * @param batch - one array for each input, `count` alerts long
 * @param count - how many alerts, at least 1
 * @throws BtsbotError `input-shape` or `input-non-finite`, naming the input and the alert's place in the batch
 *
 * @example
 * ```ts
 * import { checkBatch, mmCnn } from "@btsbot/model";
 *
 * const batch = { triplet: new Float32Array(11907), metadata: new Float32Array(25) };
 * checkBatch(mmCnn(), batch, 1); // => undefined
 * ```
 */
export function checkBatch(definition: ModelDefinition, batch: Batch, count: number): void {
  for (const input of definition.inputs) {
    const length = inputLength(input);
    const values: Float32Array | undefined = batch[input.name];
    if (!Number.isInteger(count) || count < 1 || values?.length !== count * length) {
      throw new BtsbotError("input-shape", "wrong length", {
        path: input.name,
        expected: `${count} x ${length} values`,
        got: values === undefined ? "nothing" : `${values.length} values`,
      });
    }
    const index = findNonFinite(values);
    if (index >= 0) {
      throw new BtsbotError("input-non-finite", "not a finite number", {
        path: `${input.name}[${Math.floor(index / length)}]`,
        got: `${values[index]} at ${index % length}`,
      });
    }
  }
}

/** The place of the first number that is not finite, or -1. A plain loop: a callback takes a tenth of a network's time. */
function findNonFinite(values: Float32Array): number {
  for (let index = 0; index < values.length; index++) if (values[index] - values[index] !== 0) return index;
  return -1;
}
