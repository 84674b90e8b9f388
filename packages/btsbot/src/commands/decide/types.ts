import type { StoryAlert } from "@btsbot/decide";
import type { JobOptions } from "../../inputs/inputOptions.js";
import type { DecideSetup, SetupOptions } from "../../deciding/types.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";

export type { DecideSetup } from "../../deciding/types.js";

/**
 * Options of `btsbot decide`, as commander gives them.
 *
 * @internal
 */
export interface DecideOptions extends InputOptions, JobOptions, SetupOptions {
  readonly format?: "table" | "jsonl";
  /** File of the SkyPortal that is asked before plans are made. */
  readonly portal?: string;
  /** Folder of what is kept between runs. */
  readonly state?: string;
  /** Whether features are made of the state's light curves, beyond the packet's. */
  readonly history?: boolean;
  /** Name of the source whose story is told. */
  readonly explain?: string;
}

/**
 * What alerts were lost to, with how many.
 *
 * @internal
 */
export type Losses = Map<string, number>;

/**
 * What a run has seen.
 *
 * @internal
 */
export interface DecideCounts {
  alerts: number;
  passed: number;
  scored: number;
  errors: number;
  /** Names of the checks that failed, with how many alerts. */
  readonly rejected: Losses;
  /** Codes of the first reasons why there is no score, with how many alerts. */
  readonly unscored: Losses;
  /** A source whose name differs in case alone from the one that is to be explained. */
  similar?: string;
}

/**
 * A source, alert by alert.
 *
 * @internal
 */
export interface Story {
  readonly objectId: string;
  readonly setup: DecideSetup;
  /** By date. */
  readonly alerts: readonly StoryAlert[];
  /** The policies whose decision an earlier run gave, by the state. */
  readonly given: ReadonlySet<string>;
  /** What the state has of it; absent without a state, or where that has nothing. */
  readonly kept?: {
    readonly policies: Readonly<Record<string, readonly string[]>>;
    readonly issued: readonly string[];
  };
  /** How many alerts count in the state; absent with `kept`. */
  readonly counted?: number;
}
