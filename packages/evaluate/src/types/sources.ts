import type { OptionNames } from "@btsbot/errors";
import type { CountedBy } from "@btsbot/policy";
import type { Counts, Label, MagnitudeBin } from "./alerts.js";

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
