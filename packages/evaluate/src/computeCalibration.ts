import { invalid, refuse } from "./invalid.js";
import { sortScores } from "./sortedScores.js";
import type { SortedScores } from "./sortedScores.js";
import type { CalibrationBin, LabeledAlert } from "./types/alerts.js";

/** Bins of a calibration curve, unless told otherwise. */
export const CALIBRATION_BINS = 10;

/**
 * Computes a calibration (reliability) curve: how often alerts of a score are bright transients.
 *
 * Bins are equally wide from 0 to 1; a score on an inner edge belongs to the bin below it. Empty bins are
 * left out. Both are as in scikit-learn with `strategy="uniform"`.
 *
 * Source: scikit-learn, `sklearn.calibration.calibration_curve`.
 *
 * @param rows - alerts; score 0 to 1, label 1 for a bright transient
 * @param bins - how many bins, 1 or more; 10 if absent
 * @returns the bins that are not empty, by rising score
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * or whose label is neither 0 nor 1, and for a number of bins that is not a positive integer
 *
 * @example
 * ```ts
 * import { computeCalibration } from "@btsbot/evaluate";
 *
 * const rows = [{ score: 0.25, label: 0 }, { score: 0.25, label: 1 }, { score: 1, label: 1 }] as const;
 * computeCalibration(rows, 2).map(({ meanScore, positiveFraction }) => [meanScore, positiveFraction]); // => [[0.25, 0.5], [1, 1]]
 * ```
 */
export function computeCalibration(
  rows: readonly Pick<LabeledAlert, "score" | "label">[],
  bins: number = CALIBRATION_BINS,
): CalibrationBin[] {
  return calibrationOf(sortScores(rows), bins);
}

/**
 * {@link computeCalibration} of scores that are sorted already.
 *
 * @param scores - the scores by class
 * @param bins - how many bins
 * @returns the bins that are not empty
 * @throws BtsbotError `evaluation-invalid` for a number of bins that is not a positive integer
 */
export function calibrationOf({ positives, negatives }: SortedScores, bins: number): CalibrationBin[] {
  if (!Number.isSafeInteger(bins) || bins < 1) refuse([invalid("calibrationBins", "a positive integer", bins)]);
  // Products of the width, as numpy.linspace has them: 3 * 0.1 is not 3 / 10.
  const edge = (index: number): number => (index === bins ? 1 : index * (1 / bins));
  const found: CalibrationBin[] = [];
  let i = 0;
  let j = 0;
  for (let bin = 0; bin < bins; bin++) {
    const high = edge(bin + 1);
    const [before, belowBefore] = [i, j];
    let sum = 0;
    for (; i < positives.length && positives[i] <= high; i++) sum += positives[i];
    for (; j < negatives.length && negatives[j] <= high; j++) sum += negatives[j];
    const count = i - before + (j - belowBefore);
    if (count > 0)
      found.push({ low: edge(bin), high, count, meanScore: sum / count, positiveFraction: (i - before) / count });
  }
  return found;
}
