import { READ_OPTIONS } from "@btsbot/alert";
import type { ScoreOutcome, ScorerOptions } from "@btsbot/core";
import type { OptionNames, Platform } from "@btsbot/errors";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import type { GivenProfile, Model } from "@btsbot/model";

/** Options of `createScorerPool`: those of a scorer that can be sent to a worker, and how many workers. */
export interface PoolOptions extends Pick<ScorerOptions, "models" | "store" | "read"> {
  /**
   * How many alerts a worker is sent at a time and scores in one run of a network, 1 or more. By default 8 are sent, few enough that no
   * worker waits long for the others at the end, and 2 are scored in one run, which is enough for the default engine. An engine on a GPU needs more.
   */
  readonly batchSize?: number;
  /** Workers, 1 or more; as many as the machine has cores by default. */
  readonly workers?: number;
  /** What replaces the packet's real/bogus score, as in `ScorerOptions`; a function cannot be sent to a worker. */
  readonly realBogus?: Exclude<ScorerOptions["realBogus"], (...values: never[]) => unknown>;
  /**
   * Feature profiles of your own, as in `ScorerOptions`. One that is data is sent to the workers; one that is a program
   * cannot be, and is given by the address of a module, such as `new URL("./profile.js", import.meta.url)`, whose export
   * `profile` it is.
   */
  readonly profiles?: readonly (FeatureProfile | ProfileData | Platform<"URL">)[];
  /**
   * What else comes back of an alert that is scored, so that the caller need not read it again: the address of a module, such as
   * `new URL("./describe.js", import.meta.url)`, whose export `describe` takes an alert and gives anything that can be
   * cloned. It is the outcome's `described`.
   */
  readonly describe?: Platform<"URL">;
  /** Starts a worker that calls `serveScorer`; by default one that scores with the fastest engine that is installed. */
  readonly spawn?: () => PoolWorker;
}

/**
 * The names of {@link PoolOptions}.
 *
 * @internal
 */
export const POOL_OPTIONS: OptionNames<PoolOptions> = {
  models: "object|list|string",
  store: "object",
  read: READ_OPTIONS,
  batchSize: "number",
  workers: "number",
  realBogus: "object|string",
  profiles: "list",
  describe: "object",
  spawn: "function",
};

/** What a pool adds to an outcome. */
export interface DescribedOutcome {
  /** What `PoolOptions.describe` says of the alert; absent where it is not given, or the alert cannot be read. */
  readonly described?: unknown;
}

/** What became of an alert of a pool. */
export type PoolOutcome = ScoreOutcome & DescribedOutcome;

/** Options of `createComparerPool`: those of a comparer that can be sent to a worker, and how many workers. */
export interface ComparerPoolOptions extends Pick<PoolOptions, "store" | "read" | "batchSize" | "workers" | "spawn"> {
  /** The model, loaded or a name that `store` knows; one score is its output. */
  readonly model: Model | string;
  /**
   * The profiles to compare with the model's own: each by its name, as data, or, where it is a program, by the address of a
   * module whose export `profile` it is; those of `createComparer` by default.
   */
  readonly profiles?: readonly (GivenProfile | Platform<"URL">)[];
}

/** A worker as the pool sees it: a thread of Node, a web worker, or anything that passes messages on. */
export interface PoolWorker {
  /**
   * Whether it can be sent memory that threads share, so that all workers use one copy of the weights. Only
   * where `terminate` gives a promise that is kept when the worker has stopped for good, and not before: the place in the memory of
   * one that died is given to another then. If the promise is broken, that worker is not replaced.
   */
  readonly sharesMemory?: boolean;
  /**
   * Sends a message to the worker.
   *
   * @param message - anything that can be cloned
   */
  post(message: unknown): void;
  /**
   * Says who takes what the worker sends, and who is told that it has died, with the reason. Called once.
   *
   * @param onMessage - takes a message
   * @param onDeath - takes the reason
   */
  listen(onMessage: (message: unknown) => void, onDeath: (why: string) => void): void;
  /** Ends the worker; a promise, if that takes time. */
  terminate(): unknown;
}

/** A worker's own side of the line. */
export interface WorkerPort {
  /**
   * Sends a message to the pool.
   *
   * @param message - anything that can be cloned
   */
  post(message: unknown): void;
  /**
   * Says who takes what the pool sends. Called once.
   *
   * @param onMessage - takes a message
   */
  listen(onMessage: (message: unknown) => void): void;
}
