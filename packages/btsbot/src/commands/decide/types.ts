import type { StoryAlert } from "@btsbot/decide";
import type { Model } from "@btsbot/model";
import type { CountedBy, Filter, FollowUpRule, Policy } from "@btsbot/policy";
import type { JobOptions } from "../../inputs/inputOptions.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";

/**
 * Options of `btsbot decide`, as commander gives them.
 *
 * @internal
 */
export interface DecideOptions extends InputOptions, JobOptions {
  readonly model?: string;
  readonly filter?: string;
  readonly policy: readonly string[];
  readonly format?: "table" | "jsonl";
  /** Files of feature profiles that the model names. */
  readonly profile?: readonly string[];
  /** File of the rules of follow-up. */
  readonly rules?: string;
  /** Folder of what is kept between runs. */
  readonly state?: string;
  /** Whether features are made of the state's light curves, beyond the packet's. */
  readonly history?: boolean;
  /** How all policies count, whatever they say themselves. */
  readonly countedBy?: CountedBy;
  /** When plans are made, JD; absent for this moment. */
  readonly now?: number;
  /** Name of the source whose story is told. */
  readonly explain?: string;
}

/**
 * By what is decided.
 *
 * @internal
 */
export interface DecideSetup {
  /** Absent: every alert is scored. */
  readonly filter?: Filter;
  /** Its score is what policies read. */
  readonly model: Model;
  /** Those whose scores the filter reads. */
  readonly filterModels: readonly Model[];
  readonly policies: readonly Policy[];
  /** Absent: a decision's own action is all that there is to do. */
  readonly rules?: readonly FollowUpRule[];
  /** When plans are made, JD, days UTC: forms are dated by it. */
  readonly now: number;
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
