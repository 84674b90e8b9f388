import type { AlertInput, AlertOutcome, ScoringOptions } from "@btsbot/core";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { countCores, prepareWorkers, spawnWorker } from "#workers";
import { Crew } from "./Crew.js";
import { readBatches } from "./readBatches.js";
import { scoreInOrder } from "./scoreInOrder.js";
import type { SentOptions } from "./toSendable.js";
import type { PoolOptions } from "./types.js";

/** The names of `ScoringOptions`. */
const SCORING_OPTIONS: OptionNames<ScoringOptions> = { maxWaitMs: "number", signal: "object" };
/** As `PoolOptions` says. */
const BATCH = 8;

/**
 * Workers that are ready, as both pools have them.
 *
 * @internal
 */
export interface OpenCrew<T> {
  readonly workers: number;
  /**
   * Answers inputs in order.
   *
   * @param caller - the function that is called, by name
   */
  answer(
    caller: string,
    inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
    scoring: ScoringOptions,
  ): AsyncGenerator<AlertOutcome<T>, void, undefined>;
  close(): Promise<void>;
}

/**
 * Starts the workers of a pool, each with what it is sent.
 *
 * @param caller - the function that makes the pool, by name
 * @param prepare - what each worker is sent
 *
 * @internal
 */
export async function openCrew<T>(
  caller: string,
  options: Pick<PoolOptions, "workers" | "batchSize" | "spawn" | "read">,
  prepare: () => Promise<SentOptions>,
): Promise<OpenCrew<T>> {
  const { workers = countCores(), batchSize = BATCH, spawn = spawnWorker } = options;
  if (!Number.isInteger(workers) || workers < 1)
    throw new RangeError(`workers: expected a whole number of 1 or more, got ${workers}`);
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`batchSize: expected a whole number of 1 or more, got ${batchSize}`);
  const crew = new Crew<T>(workers, spawn, await prepare(), caller);
  if (options.spawn === undefined) await prepareWorkers();
  await crew.start();
  let closed: Promise<void> | undefined;
  return {
    workers,
    answer: async function* (name, inputs, scoring) {
      checkArgument(name, "inputs", inputs, "iterable");
      checkOptions(name, scoring, SCORING_OPTIONS);
      if (closed !== undefined) throw new BtsbotError("scorer-disposed", "the pool was closed before this call");
      yield* scoreInOrder(crew, readBatches(inputs, { ...scoring, size: batchSize }, options.read), options.read);
    },
    close: () => (closed ??= crew.close()),
  };
}
