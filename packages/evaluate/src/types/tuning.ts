import type { Policy } from "@btsbot/policy";
import type { BootstrapOptions, SourceIntervals } from "./intervals.js";
import type { EvaluateSourcesOptions, SourceEvaluation, SourceRates } from "./sources.js";

/** A policy of the searched kind: at least `count` alerts with score >= `score` and magpsf <= `magpsf`. */
export interface PolicyCandidate {
  /** Lowest score that counts, 0 to 1. */
  readonly score: number;
  /** How many such alerts. */
  readonly count: number;
  /** Faintest magnitude that counts, mag; null for any. */
  readonly magpsf: number | null;
}

/** How a candidate did on the half it was searched on. */
export interface CandidateResult extends PolicyCandidate, SourceRates {
  /**
   * Requests by the number of nights with alerts, as they would be of the whole stream: those of the half, scaled by
   * the number of sources. 0 without alerts.
   */
  readonly requestsPerNight: number;
}

/** The best purity among candidates that are complete enough. */
export interface CompletenessGoal {
  /** Least completeness, 0 to 1. */
  readonly completeness: number;
}

/** The best completeness among candidates within a budget. */
export interface BudgetGoal {
  /** Most requests a night, on average. */
  readonly requestsPerNight: number;
}

/** What a search is for. */
export type TuneGoal = CompletenessGoal | BudgetGoal;

/** Options of `tunePolicy`. */
export interface TuneOptions extends EvaluateSourcesOptions {
  /** What to search for. */
  readonly goal: TuneGoal;
  /** Scores to try, 0 to 1; 0.02 to 0.98 by 0.02 and 0.99 if absent. */
  readonly scores?: readonly number[];
  /** Numbers of alerts to try; 1 to 5 if absent. */
  readonly counts?: readonly number[];
  /** Magnitudes to try, null for no cut; 18, 18.5, 19, 19.5 and null if absent. */
  readonly magnitudes?: readonly (number | null)[];
  /** Bootstrap intervals of the held-out figures; none if absent. */
  readonly bootstrap?: BootstrapOptions;
  /** Told from time to time how many candidates of how many were tried. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What a search found. */
export interface TunedPolicy {
  /** The best candidate, with its figures on the half it was searched on; absent if none meets the goal. */
  readonly best?: CandidateResult | undefined;
  /** It as a policy, named `tuned`, to be stored and run. */
  readonly policy?: Policy | undefined;
  /** The best candidate on the other half, of sources that the search did not see: the honest figures. */
  readonly heldOut?: HeldOut | undefined;
  /** Every candidate tried, by magnitude, count and score in the order given. */
  readonly candidates: readonly CandidateResult[];
  /** Sources with alerts in the half searched. */
  readonly searchedSources: number;
  /** Sources with alerts in the other half. */
  readonly heldOutSources: number;
}

/** The best candidate on sources that the search did not see. */
export interface HeldOut {
  /** How it did, source by source. */
  readonly sources: SourceEvaluation;
  /** Intervals, if they were asked for. */
  readonly intervals?: SourceIntervals;
  /** As in {@link CandidateResult}. */
  readonly requestsPerNight: number;
  /** Whether the goal that held on the searched half holds here too. */
  readonly meetsGoal: boolean;
}
