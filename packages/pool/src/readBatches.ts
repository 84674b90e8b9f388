import { readAlerts } from "@btsbot/alert";
import type { ReadOptions } from "@btsbot/alert";
import type { AlertInput, OutcomePlace } from "@btsbot/core";
import type { BtsbotError } from "@btsbot/errors";

/** A file larger than this is read here and its alerts are spread; a smaller one is read by its worker. */
const MOST_BYTES_WHOLE = 1 << 20;
/** Stands in a batch where an alert could not be read. */
const EMPTY = new Uint8Array(0);

/**
 * What one job is made of: inputs, and for each its place among all.
 *
 * @internal
 */
export interface PlacedBatch {
  readonly inputs: readonly AlertInput[];
  readonly places: readonly OutcomePlace[];
  /** What could not be read here: its place in the batch, and why. */
  readonly errors: ReadonlyMap<number, BtsbotError>;
}

/**
 * Gathers inputs in batches.
 *
 * @internal
 */
export async function* readBatches(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  size: number,
  options: ReadOptions | undefined,
): AsyncGenerator<PlacedBatch, void, undefined> {
  let batch = { inputs: [] as AlertInput[], places: [] as OutcomePlace[], errors: new Map<number, BtsbotError>() };
  for await (const { input, index, data, error } of readInputs(inputs, options)) {
    if (error !== undefined) batch.errors.set(batch.inputs.length, error);
    batch.inputs.push(data);
    batch.places.push({ input, index });
    if (batch.inputs.length < size) continue;
    yield batch;
    batch = { inputs: [], places: [], errors: new Map() };
  }
  if (batch.inputs.length > 0) yield batch;
}

/** An input, or an alert of a large file, or why it cannot be read. */
type Placed = OutcomePlace & { readonly data: AlertInput; readonly error?: BtsbotError };

async function* readInputs(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ReadOptions | undefined,
): AsyncGenerator<Placed, void, undefined> {
  let input = 0;
  for await (const item of inputs) {
    if (isBytes(item) && item.byteLength > MOST_BYTES_WHOLE) {
      let index = 0;
      for (const result of readAlerts(item, options)) {
        yield result.success ? { input, index, data: result.data } : { input, index, data: EMPTY, error: result.error };
        index += 1;
      }
    } else {
      // Bytes of its own: the caller may use theirs again before a worker is free, and the clone of a view takes all of its buffer along.
      yield { input, index: 0, data: isBytes(item) ? new Uint8Array(item) : item };
    }
    input += 1;
  }
}

/** Bytes of this realm or another; what is neither bytes nor an alert goes on to the scorer, which says so. */
function isBytes(item: AlertInput): item is Uint8Array {
  return Object.prototype.toString.call(item) === "[object Uint8Array]";
}
