import { invalid, isScore, ratio, refuse } from "./invalid.js";
import { PAPER_THRESHOLD } from "./paperThreshold.js";
import { countBelow, sortScores } from "./sortedScores.js";
import type { SortedScores } from "./sortedScores.js";
import type { Confusion, LabeledAlert, Threshold } from "./types/alerts.js";

/**
 * Counts the confusion matrix at a threshold, with accuracy and balanced accuracy.
 *
 * Balanced accuracy is the mean of the rates of true positives and true negatives. With one class alone it
 * is absent here, where scikit-learn gives the rate of that class and warns.
 *
 * Source: scikit-learn, `sklearn.metrics.confusion_matrix`, `accuracy_score`, `balanced_accuracy_score`;
 * Rehemtulla et al. 2024, ApJ 972, 7, Figure 6.
 *
 * @param rows - alerts; score 0 to 1, label 1 for a bright transient
 * @param threshold - from which score on an alert is called positive; {@link PAPER_THRESHOLD} if absent
 * @returns the matrix; ratios whose denominator is 0 are absent
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * or whose label is neither 0 nor 1, and for an invalid threshold
 *
 * @example
 * ```ts
 * import { computeConfusion } from "@btsbot/evaluate";
 *
 * const confusion = computeConfusion([
 *   { score: 0.9, label: 1 }, { score: 0.2, label: 1 }, { score: 0.5, label: 0 }, { score: 0.1, label: 0 }, { score: 0, label: 0 },
 * ]);
 * confusion.falsePositives; // => 1
 * confusion.accuracy; // => 0.6
 * ```
 */
export function computeConfusion(
  rows: readonly Pick<LabeledAlert, "score" | "label">[],
  threshold: Threshold = PAPER_THRESHOLD,
): Confusion {
  return confusionOf(sortScores(rows), threshold);
}

/**
 * {@link computeConfusion} of scores that are sorted already.
 *
 * @param scores - the scores by class
 * @param threshold - from which score on an alert is called positive
 * @returns the matrix
 * @throws BtsbotError `evaluation-invalid` for an invalid threshold
 */
export function confusionOf({ positives, negatives }: SortedScores, threshold: Threshold): Confusion {
  checkThreshold(threshold);
  const falseNegatives = countBelow(positives, threshold.score, threshold.rule === "above");
  const trueNegatives = countBelow(negatives, threshold.score, threshold.rule === "above");
  const truePositives = positives.length - falseNegatives;
  const falsePositives = negatives.length - trueNegatives;
  const truePositiveRate = ratio(truePositives, positives.length);
  const trueNegativeRate = ratio(trueNegatives, negatives.length);
  return {
    threshold,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    accuracy: ratio(truePositives + trueNegatives, positives.length + negatives.length),
    balancedAccuracy:
      truePositiveRate === undefined || trueNegativeRate === undefined
        ? undefined
        : (truePositiveRate + trueNegativeRate) / 2,
    truePositiveRate,
    trueNegativeRate,
  };
}

/**
 * Refuses what is not a threshold.
 *
 * @param threshold - what was given
 * @throws BtsbotError `evaluation-invalid` if its score is not a number from 0 to 1, or its rule is unknown
 */
export function checkThreshold({ score, rule }: Threshold): void {
  if (!isScore(score)) refuse([invalid("threshold.score", "a number from 0 to 1", score)]);
  if (rule !== "at-least" && rule !== "above") refuse([invalid("threshold.rule", "at-least or above", rule)]);
}
