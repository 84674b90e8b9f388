import { DEFAULT_COMPARED } from "@btsbot/core";
import type { AlertInput, AlertOutcome, ComparedAlert, ScoringOptions } from "@btsbot/core";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { openCrew } from "./openCrew.js";
import { POOL_OPTIONS } from "./types.js";
import { toSendable, toSentProfile } from "./toSendable.js";
import type { ComparerPoolOptions } from "./types.js";

/** The names of {@link ComparerPoolOptions}. */
const COMPARER_POOL_OPTIONS: OptionNames<ComparerPoolOptions> = {
  model: "object|string!",
  profiles: "list",
  store: POOL_OPTIONS.store,
  read: POOL_OPTIONS.read,
  batchSize: POOL_OPTIONS.batchSize,
  workers: POOL_OPTIONS.workers,
  spawn: POOL_OPTIONS.spawn,
};

/** Compares what one model says of alerts under several feature profiles, on several cores. */
export interface ComparerPool {
  /** How many workers compare. */
  readonly workers: number;
  /**
   * Compares alerts in batches spread over the workers, as `ScorerPool.scoreAlerts` scores them; outcomes come in the
   * order of the inputs.
   *
   * @param inputs - packets (bytes may hold many alerts) or alerts, at once or as they come
   * @param options - how long an alert waits for others, and what ends the comparing: what is under way is still given
   * @returns one outcome for each alert, or for each input that cannot be read
   * @throws as `ScorerPool.scoreAlerts`
   */
  compareAlerts(
    inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
    options?: ScoringOptions,
  ): AsyncGenerator<AlertOutcome<ComparedAlert>, void, undefined>;
  /** Ends the workers, once what they are comparing is done. The pool cannot be used after. */
  close(): Promise<void>;
}

/**
 * Starts workers, each with a comparer ready, and gives what compares alerts on all of them: the same workers as those of
 * `createScorerPool`, in the same order, with the same back-pressure.
 *
 * @param options - the model, the profiles that are compared with its own, and how many workers
 * @returns the pool, once every worker is ready; call its `close` when done
 * @throws BtsbotError as `createComparer` does, and `profile-invalid` for a profile that is a program and not given by its
 * name or its address; `worker-died` if a worker ends before it is ready; RangeError for fewer than one worker, or one
 * alert in a batch
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { createComparerPool } from "@btsbot/pool";
 *
 * const definition = mmCnn("untrained");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const pool = await createComparerPool({ model, profiles: ["boom-2025"], workers: 2 });
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, sigmapsf: 0.1, isdiffpos: "t", jdstarthist: 2458000 };
 * for await (const outcome of pool.compareAlerts([{ objectId: "ZTF20aaaaaaa", candid: 1n, candidate }])) {
 *   outcome.success && outcome.data.others[0].differences[0]; // => { name: "age", base: 1010, other: 0, alone: null }
 * }
 * await pool.close();
 * ```
 */
export async function createComparerPool(options: ComparerPoolOptions): Promise<ComparerPool> {
  checkOptions("createComparerPool", options, COMPARER_POOL_OPTIONS);
  const { model, profiles = DEFAULT_COMPARED, ...others } = options;
  if (others.store !== undefined) checkArgument("createComparerPool", "store", others.store, "object", ["load"]);
  const crew = await openCrew<ComparedAlert>("createComparerPool", others, async () => ({
    ...(await toSendable({ ...others, models: [model] })),
    compared: profiles.map(toSentProfile),
  }));
  return {
    workers: crew.workers,
    compareAlerts: (inputs, scoring = {}) => crew.answer("compareAlerts", inputs, scoring),
    close: () => crew.close(),
  };
}
