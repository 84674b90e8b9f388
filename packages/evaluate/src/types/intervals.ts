import type { OptionNames } from "@btsbot/errors";
import type { LabeledAlert } from "./alerts.js";

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
