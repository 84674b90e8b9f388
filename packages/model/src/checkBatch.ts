import { BtsbotError, countOf } from "@btsbot/errors";
import { inputLength } from "./inputLength.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Batch } from "./types/engine.js";

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
        got: values === undefined ? "nothing" : countOf(values.length, "value"),
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

/** The place of the first number that is not finite, or -1. */
function findNonFinite(values: Float32Array): number {
  // Sums in float64, which finite float32 cannot overflow, times 0: NaN if one of them is not finite.
  let first = 0;
  let second = 0;
  const whole = values.length - (values.length % 8);
  for (let i = 0; i < whole; i += 8) {
    first += (values[i] + values[i + 1] + values[i + 2] + values[i + 3]) * 0;
    second += (values[i + 4] + values[i + 5] + values[i + 6] + values[i + 7]) * 0;
  }
  if (first + second === 0 && values.subarray(whole).every(Number.isFinite)) return -1;
  return values.findIndex((value) => !Number.isFinite(value));
}
