import type { OptionNames } from "@btsbot/errors";

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
