import type { AlertInput, ScoredAlert, ScoringOptions } from "@btsbot/core";
import { checkOptions, OptionsError } from "@btsbot/errors";
import { openCrew } from "./openCrew.js";
import { toSendable } from "./toSendable.js";
import { POOL_OPTIONS } from "./types.js";
import type { PoolOptions, PoolOutcome } from "./types.js";

/** Scores alerts on several cores. */
export interface ScorerPool {
  /** How many workers score. */
  readonly workers: number;
  /**
   * Scores alerts in batches spread over the workers; outcomes come in the order of the inputs. Inputs are
   * taken as fast as the workers score, no faster. An input that cannot be read gives its error, and so does
   * one that workers die of; the others go on. The `alert` of an outcome is read from its bytes again when it
   * is first asked for; an input that is an alert comes back itself.
   *
   * @param inputs - packets (bytes may hold many alerts) or alerts, at once or as they come
   * @param options - how long an alert waits for others, and what ends the scoring: what is under way is still given
   * @returns one outcome for each alert, or for each input that cannot be read
   * @throws BtsbotError `scorer-disposed` after `close`; `worker-died` if no worker can be kept alive; RangeError for a
   * wait that is not a number of 0 or more; the signal's reason where it is aborted
   */
  scoreAlerts(
    inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
    options?: ScoringOptions,
  ): AsyncGenerator<PoolOutcome, void, undefined>;
  /** Ends the workers, once what they are scoring is done. The pool cannot be used after. */
  close(): Promise<void>;
}

/**
 * Starts workers, each with the models ready, and gives what scores alerts on all of them: threads in Node,
 * web workers in a browser. Named models are loaded once and sent to the workers.
 *
 * @param options - models, how they are run, how many workers; without models each worker has `btsbot-mini`, which ships with this library
 * @returns the pool, once every worker is ready; call its `close` when done
 * @throws BtsbotError as `createScorer` does, and `profile-invalid` for a profile that is a program and not given by its address; `worker-died` if a worker ends before it is ready; RangeError
 * for fewer than one worker, or one alert in a batch
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { createScorerPool } from "@btsbot/pool";
 *
 * const definition = mmCnn("untrained");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const pool = await createScorerPool({ models: [model], workers: 2 });
 * for await (const outcome of pool.scoreAlerts([new Uint8Array(0)])) {
 *   outcome.success || outcome.error.code; // => "input-empty"
 * }
 * await pool.close();
 * ```
 */
export async function createScorerPool(options: PoolOptions = {}): Promise<ScorerPool> {
  // JavaScript has no types to notice it, and what to do is worth saying.
  if (typeof (options as unknown as Partial<PoolOptions> | null)?.realBogus === "function")
    throw new OptionsError(
      "createScorerPool: expected `realBogus` to be a model, or the name of one: a function cannot be sent to a worker (createScorer of @btsbot/core takes one)",
    );
  checkOptions("createScorerPool", options, POOL_OPTIONS);
  const crew = await openCrew<ScoredAlert>("createScorerPool", options, () => toSendable(options));
  return {
    workers: crew.workers,
    scoreAlerts: (inputs, scoring = {}) => crew.answer("scoreAlerts", inputs, scoring),
    close: () => crew.close(),
  };
}
