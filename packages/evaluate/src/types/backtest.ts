import type { AlertEvaluation, EvaluateAlertsOptions } from "./alerts.js";
import type { AlertIntervals, BootstrapOptions, SourceIntervals } from "./intervals.js";
import type { EvaluateSourcesOptions, SourceEvaluation } from "./sources.js";

/** What a policy asked for in one night. */
export interface Night {
  /** The survey's number of the night, `nid` of its packets: days since 2017-01-01 UTC. */
  readonly nid: number;
  /** Sources at which the policy fired. */
  readonly requests: number;
}

/** What a policy asks for, night by night. */
export interface NightlyRequests {
  /** Each night that has an alert of the input, in order; those without request have 0. */
  readonly nights: readonly Night[];
  /** Sources at which the policy fired in them. */
  readonly total: number;
  /** `total` by the number of nights; absent without nights, as are the next two. */
  readonly mean?: number | undefined;
  /** Median over the nights. */
  readonly median?: number | undefined;
  /** The busiest night's. */
  readonly max?: number | undefined;
}

/** What a policy would cost and find if only scores from a threshold on counted. */
export interface CostPoint {
  /** Alerts with a lower score count as scored 0. */
  readonly threshold: number;
  /** Sources at which the policy fires: each a spectrum spent, whether the source counts for purity or not. */
  readonly requests: number;
  /** `requests` by the number of nights with alerts; absent without nights. */
  readonly requestsPerNight?: number | undefined;
  /** Bright transients found, of the sources that count. */
  readonly truePositives: number;
  /** Others picked, of the sources that count. */
  readonly falsePositives: number;
  /** Completeness, 0 to 1. */
  readonly completeness?: number | undefined;
  /** Purity, 0 to 1. */
  readonly purity?: number | undefined;
}

/** Dates between two others, which are not among them. */
export interface JdWindow {
  /** Dates are later than this, Julian date, days UTC. */
  readonly afterJd: number;
  /** Dates are earlier than this, Julian date, days UTC. */
  readonly beforeJd: number;
}

/** Options of `backtest`. */
export interface BacktestOptions extends EvaluateAlertsOptions, EvaluateSourcesOptions {
  /**
   * Only sources count that peak, or at which the first policy given fires, in the window; and only nights and
   * requests in it.
   */
  readonly window?: JdWindow;
  /** Bootstrap intervals of the alert-level figures and every policy's; none if absent. */
  readonly bootstrap?: BootstrapOptions;
  /** Told from time to time how many alerts of how many the policies have seen. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One policy's part of a backtest. */
export interface PolicyResult {
  /** The policy's name. */
  readonly policy: string;
  /** How it did, source by source. */
  readonly sources: SourceEvaluation;
  /** Intervals, if they were asked for. */
  readonly intervals?: SourceIntervals;
  /** Its requests by night. */
  readonly requests: NightlyRequests;
  /** By rising threshold: the policy itself at 0, then a point wherever it has lost sources. */
  readonly costCurve: readonly CostPoint[];
}

/** What a backtest found. */
export interface Backtest {
  /** Metrics of all scored alerts whose source the truth knows; no exclusion applies. */
  readonly alerts: AlertEvaluation;
  /** Intervals of them, if they were asked for. */
  readonly alertIntervals?: AlertIntervals;
  /** Each policy, in the order given. */
  readonly policies: readonly PolicyResult[];
  /** Alerts replayed, each candid once. */
  readonly alertCount: number;
  /** Sources that they are of. */
  readonly sourceCount: number;
  /** Alerts that came more than once, with the same values, and were dropped. */
  readonly duplicates: number;
  /** Alerts that are another copy of an exposure, under another candid or scored again, and do not count. */
  readonly copies: number;
  /** Alerts without a score. */
  readonly unscored: number;
}
