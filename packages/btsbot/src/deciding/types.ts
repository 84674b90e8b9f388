import type { Model } from "@btsbot/model";
import type { CountedBy, Filter, FollowUpRule, Policy } from "@btsbot/policy";

/**
 * What names by what is decided.
 *
 * @internal
 */
export interface SetupOptions {
  readonly model?: string;
  readonly filter?: string;
  readonly policy: readonly string[];
  /** Files of feature profiles that the model names. */
  readonly profile?: readonly string[];
  /** File of the rules of follow-up. */
  readonly rules?: string;
  /** How all policies count, whatever they say themselves. */
  readonly countedBy?: CountedBy;
  /** When plans are made, JD; absent for this moment. */
  readonly now?: number;
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
