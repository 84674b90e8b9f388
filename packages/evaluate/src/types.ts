import type { OptionNames } from "@btsbot/errors";
import type { CountedBy, Policy } from "@btsbot/policy";

/** The class of an alert or source: 1 a bright transient, 0 anything else. */
export type Label = 0 | 1;

/** An alert with its score and class: what alert-level metrics read. */
export interface LabeledAlert {
  /** The model's score, 0 to 1. */
  readonly score: number;
  /** Its source's class. */
  readonly label: Label;
  /** PSF-fit magnitude of the difference, mag. */
  readonly magpsf: number;
}

/** From which score on an alert is called a bright transient. */
export interface Threshold {
  /** The score, 0 to 1. */
  readonly score: number;
  /** `at-least`: a score equal to it counts (>=); `above`: it does not (>). */
  readonly rule: "at-least" | "above";
}

/** One point of a ROC curve. */
export interface RocPoint {
  /** Alerts with at least this score are called positive; null for the first point, where none is. */
  readonly threshold: number | null;
  /** Of the negative alerts, the fraction called positive, 0 to 1. */
  readonly falsePositiveRate: number;
  /** Of the positive alerts, the fraction called positive, 0 to 1. */
  readonly truePositiveRate: number;
}

/** A receiver operating characteristic. */
export interface RocCurve {
  /** From (0, 0) to (1, 1), by falling threshold. */
  readonly points: readonly RocPoint[];
  /** Area under the curve, 0 to 1. */
  readonly auc: number;
}

/** How many alerts, or sources, were called what they are. */
export interface Counts {
  /** Positive and called so. */
  readonly truePositives: number;
  /** Negative, called positive. */
  readonly falsePositives: number;
  /** Positive, called negative. */
  readonly falseNegatives: number;
  /** Negative and called so. */
  readonly trueNegatives: number;
}

/** A confusion matrix and what follows from it. A ratio whose denominator is 0 is absent. */
export interface Confusion extends Counts {
  /** The threshold that it was counted at. */
  readonly threshold: Threshold;
  /** Fraction called what they are, 0 to 1. */
  readonly accuracy?: number | undefined;
  /** Mean of the rates of true positives and true negatives, 0 to 1; absent if a class is empty. */
  readonly balancedAccuracy?: number | undefined;
  /** Of the positive, the fraction called so, 0 to 1. */
  readonly truePositiveRate?: number | undefined;
  /** Of the negative, the fraction called so, 0 to 1. */
  readonly trueNegativeRate?: number | undefined;
}

/** One bin of a calibration curve: alerts whose scores lie in (low, high], the first also at low. */
export interface CalibrationBin {
  /** Lower edge, score. */
  readonly low: number;
  /** Upper edge, score. */
  readonly high: number;
  /** Alerts in it, at least one. */
  readonly count: number;
  /** Mean of their scores, 0 to 1. */
  readonly meanScore: number;
  /** The fraction of them that is positive, 0 to 1. */
  readonly positiveFraction: number;
}

/** The metrics of one set of alerts. */
export interface AlertMetrics {
  /** How many alerts. */
  readonly count: number;
  /** Counts at the threshold, with accuracy and balanced accuracy. */
  readonly confusion: Confusion;
  /** The ROC curve with its area; absent unless both classes are there. */
  readonly roc?: RocCurve | undefined;
  /** The bins of the calibration curve that are not empty, by rising score. */
  readonly calibration: readonly CalibrationBin[];
}

/** A bin of magnitudes: `low` <= m < `high`, the last of a row of bins also m = `high`. */
export interface MagnitudeBin {
  /** Bright edge, mag. */
  readonly low: number;
  /** Faint edge, mag. */
  readonly high: number;
}

/** The metrics of the alerts of one bin. */
export interface AlertBin extends MagnitudeBin, AlertMetrics {}

/** The metrics of a set of alerts, and of its magnitude bins. */
export interface AlertEvaluation extends AlertMetrics {
  /** The same by `magpsf`. */
  readonly byMagnitude: readonly AlertBin[];
  /** Alerts brighter or fainter than all bins. */
  readonly outsideBins: number;
}

/** Options of `evaluateAlerts`. */
export interface EvaluateAlertsOptions {
  /** Threshold of the confusion matrix; `PAPER_THRESHOLD` if absent. */
  readonly threshold?: Threshold | undefined;
  /** Rising edges of the magnitude bins, mag; 15 to 21 by 0.5 if absent. */
  readonly magnitudeEdges?: readonly number[] | undefined;
  /** How many bins the calibration curve has; 10 if absent. */
  readonly calibrationBins?: number | undefined;
}

/**
 * The names of {@link EvaluateAlertsOptions}.
 *
 * @internal
 */
export const EVALUATE_ALERTS_OPTIONS: OptionNames<EvaluateAlertsOptions> = {
  threshold: "object",
  magnitudeEdges: "list",
  calibrationBins: "number",
};

/** What is known of a source: its class, and when people acted on it. */
export interface SourceTruth {
  /** The source's name. */
  readonly objectId: string;
  /** Its class. */
  readonly label: Label;
  /** When scanners saved it, Julian date, days UTC; absent, NaN or from 1e10 on: not known. */
  readonly saveJd?: number;
  /** When scanners first asked for a spectrum, before there was one, Julian date, days UTC; not known as for `saveJd`. */
  readonly triggerJd?: number;
  /** True for a source on the list of junk that scanners do not see. */
  readonly junk?: boolean;
  /** What it is, for people, such as `SN Ia` or `AGN`. */
  readonly classification?: string;
}

/** Why a source does not count for completeness and purity. */
export type ExclusionName = "outside-sample" | "junk" | "few-alerts" | "peak-thinned";

/**
 * Which sources do not count for completeness and purity. One that several rules meet is listed under the
 * first of `outside-sample`, `junk`, `few-alerts`, `peak-thinned`.
 */
export interface ExclusionOptions {
  /** Leave out sources that the truth calls junk; true if absent. */
  readonly junk?: boolean;
  /** Leave out sources with fewer alerts; 2 if absent, 0 for none. */
  readonly minAlerts?: number;
  /**
   * Leave out positive sources whose brightest alert is fainter, mag: what made them positive was cut. 18.5 if
   * absent, null for none.
   */
  readonly faintestPositive?: number | null;
  /** The sources that count, if not all; names of others stand under `outside-sample`. */
  readonly sample?: ReadonlySet<string>;
}

/**
 * The names of {@link ExclusionOptions}.
 *
 * @internal
 */
export const EXCLUSION_OPTIONS: OptionNames<ExclusionOptions> = {
  junk: "boolean",
  minAlerts: "number",
  faintestPositive: "number|null",
  sample: "object",
};

/** Options of `evaluateSources`. */
export interface EvaluateSourcesOptions {
  /**
   * What counts as one alert of a source, in figures of alerts and in rules that count them; `exposures` if absent: alerts of
   * one time and filter are one. Policies count by their own `countedBy`.
   */
  readonly countedBy?: CountedBy;
  /** What to leave out. */
  readonly exclude?: ExclusionOptions;
  /** Rising edges of the bins of peak magnitude, mag; 17 to 18.5 by 0.25 if absent. */
  readonly peakEdges?: readonly number[];
  /** Delays count against times from here on, Julian date, days UTC; 2459215.5 (2021-01-01) if absent. */
  readonly delaysFromJd?: number;
}

/**
 * The names of {@link EvaluateSourcesOptions}.
 *
 * @internal
 */
export const EVALUATE_SOURCES_OPTIONS: OptionNames<EvaluateSourcesOptions> = {
  exclude: EXCLUSION_OPTIONS,
  countedBy: "string",
  peakEdges: "list",
  delaysFromJd: "number",
};

/** One source as a policy met it. */
export interface SourceOutcome {
  /** The source's name. */
  readonly objectId: string;
  /** Magnitude of its brightest alert, mag. */
  readonly peakmag: number;
  /** How many alerts it has. */
  readonly alertCount: number;
  /** When the policy fired, Julian date, days UTC; absent where it did not. */
  readonly firedJd?: number;
  /** What it is, where the truth says. */
  readonly classification?: string;
}

/** Counts of sources, with the ratios of the field. A ratio whose denominator is 0 is absent. */
export interface SourceRates extends Counts {
  /** TP / (TP + FN), 0 to 1: of the bright transients, the fraction that the policy picked. */
  readonly completeness?: number | undefined;
  /** TP / (TP + FP), 0 to 1: of what the policy picked, the fraction that are bright transients. */
  readonly purity?: number | undefined;
}

/** The rates of the sources whose peak lies in one bin. */
export interface PeakBin extends MagnitudeBin, SourceRates {}

/** The delay of one true positive. */
export interface Delay {
  /** The source's name. */
  readonly objectId: string;
  /** When the policy fired less when people acted, days: negative where the policy was faster. */
  readonly days: number;
}

/** Delays of the true positives against one kind of time. */
export interface Delays {
  /** One for each true positive whose time is known and not too early, by name. */
  readonly values: readonly Delay[];
  /** Their median, days; absent if there is none. */
  readonly median?: number | undefined;
  /** True positives whose time is not known. */
  readonly unknown: number;
  /** True positives whose time is before the first that counts. */
  readonly tooEarly: number;
}

/** Sources that one rule left out. */
export interface Exclusion {
  /** The rule. */
  readonly rule: ExclusionName;
  /** Their names, sorted. */
  readonly objectIds: readonly string[];
}

/** How a policy did, source by source. */
export interface SourceEvaluation {
  /** Counts, completeness and purity of all sources that count, also those outside the bins. */
  readonly overall: SourceRates;
  /** The same by peak magnitude. */
  readonly byPeak: readonly PeakBin[];
  /** Sources that count and are brighter or fainter than all bins. */
  readonly outsideBins: number;
  /** Bright transients that the policy picked, by name, as are the next two. */
  readonly truePositives: readonly SourceOutcome[];
  /** Others that it picked. */
  readonly falsePositives: readonly SourceOutcome[];
  /** Bright transients that it missed. */
  readonly falseNegatives: readonly SourceOutcome[];
  /** When the policy fired against when scanners saved. */
  readonly saveDelays: Delays;
  /** When the policy fired against when scanners asked for a spectrum. */
  readonly triggerDelays: Delays;
  /** What was left out, by rule; every rule that is on has its entry. */
  readonly excluded: readonly Exclusion[];
  /** Sources with alerts that the truth does not know, sorted: left out. */
  readonly withoutTruth: readonly string[];
  /** Sources of the truth without any alert, sorted: left out. */
  readonly withoutAlerts: readonly string[];
}

/** A bootstrap interval. */
export interface ConfidenceInterval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Resamples in which the figure was defined: those that the interval rests on. */
  readonly resamples: number;
}

/** Intervals of a policy's figures; one is absent if no resample defined it. */
export interface SourceIntervals {
  /** Probability that the intervals are made for, 0 to 1. */
  readonly level: number;
  /** Of completeness, 0 to 1. */
  readonly completeness?: ConfidenceInterval | undefined;
  /** Of purity, 0 to 1. */
  readonly purity?: ConfidenceInterval | undefined;
  /** Of the median save delay, days. */
  readonly saveDelay?: ConfidenceInterval | undefined;
  /** Of the median trigger delay, days. */
  readonly triggerDelay?: ConfidenceInterval | undefined;
}

/** Intervals of alert-level figures; one is absent if no resample defined it. */
export interface AlertIntervals {
  /** Probability that the intervals are made for, 0 to 1. */
  readonly level: number;
  /** Of accuracy, 0 to 1. */
  readonly accuracy?: ConfidenceInterval | undefined;
  /** Of balanced accuracy, 0 to 1. */
  readonly balancedAccuracy?: ConfidenceInterval | undefined;
  /** Of the area under the ROC curve, 0 to 1. */
  readonly auc?: ConfidenceInterval | undefined;
}

/** An alert of a named source, for resamples of sources. */
export interface SourceScoredAlert extends LabeledAlert {
  /** The source's name. */
  readonly objectId: string;
}

/** Options of `bootstrapSources` and `bootstrapAlerts`. */
export interface BootstrapOptions {
  /** Numbers from 0 up to 1 without 1, such as those of `createRandom` of `@btsbot/chance`. */
  readonly random: () => number;
  /** How many resamples; 1000 if absent. */
  readonly resamples?: number;
  /** Probability of the intervals; 0.95 if absent. */
  readonly level?: number;
}

/**
 * The names of {@link BootstrapOptions}.
 *
 * @internal
 */
export const BOOTSTRAP_OPTIONS: OptionNames<BootstrapOptions> = {
  random: "function!",
  resamples: "number",
  level: "number",
};

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
