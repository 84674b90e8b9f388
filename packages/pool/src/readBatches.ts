import { readAlerts } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { gatherBatches } from "@btsbot/core";
import type { AlertInput, GatherOptions, OutcomePlace } from "@btsbot/core";
import { BtsbotError, readBytes } from "@btsbot/errors";
import { packReading } from "./sentReading.js";

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
  readonly inputs: readonly (Uint8Array | Alert)[];
  readonly places: readonly OutcomePlace[];
  /** What could not be read here: its place in the batch, and why. */
  readonly errors: ReadonlyMap<number, BtsbotError>;
}

/**
 * Gathers inputs in batches. What workers cannot be told how to read is read here.
 *
 * @internal
 */
export async function* readBatches(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  gathering: GatherOptions,
  options: ReadOptions | undefined,
): AsyncGenerator<PlacedBatch, void, undefined> {
  const mostBytes = packReading(options ?? {}) === undefined ? 0 : MOST_BYTES_WHOLE;
  for await (const batch of gatherBatches(readInputs(inputs, options, mostBytes), gathering))
    yield {
      inputs: batch.map(({ data }) => data),
      places: batch.map(({ input, index }) => ({ input, index })),
      errors: new Map(batch.flatMap(({ error }, place) => (error === undefined ? [] : [[place, error] as const]))),
    };
}

/** An input, or an alert of a large file, or why it cannot be read. */
type Placed = OutcomePlace & { readonly data: Uint8Array | Alert; readonly error?: BtsbotError };

async function* readInputs(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ReadOptions | undefined,
  mostBytes: number,
): AsyncGenerator<Placed, void, undefined> {
  let input = 0;
  for await (const item of inputs) {
    const bytes = await readBytes(item).catch(toKnown);
    if (bytes instanceof BtsbotError) yield { input, index: 0, data: EMPTY, error: bytes };
    else if (bytes !== undefined && bytes.byteLength > mostBytes) {
      let index = 0;
      for (const result of readAlerts(bytes, options)) {
        yield result.success ? { input, index, data: result.data } : { input, index, data: EMPTY, error: result.error };
        index += 1;
      }
    } else {
      // Bytes of its own: the caller may use theirs again before a worker is free, and the clone of a view takes all of its buffer along.
      // What is neither bytes nor an alert goes on to the scorer, which says so.
      yield { input, index: 0, data: bytes === undefined ? (item as Alert) : new Uint8Array(bytes) };
    }
    input += 1;
  }
}

/** An error of an input is the input's; anything else is a bug. */
function toKnown(error: unknown): BtsbotError {
  if (error instanceof BtsbotError) return error;
  throw error;
}
