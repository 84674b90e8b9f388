import { checkArgument, checkOptions } from "@btsbot/errors";
import { CALIBRATION_BINS, calibrationOf } from "./computeCalibration.js";
import { confusionOf } from "./computeConfusion.js";
import { rocOf } from "./computeRocCurve.js";
import { invalid, refuse } from "./invalid.js";
import { ALERT_EDGES, binOf, toBins } from "./magnitudeBins.js";
import { PAPER_THRESHOLD } from "./paperThreshold.js";
import { checkRow, sortClasses } from "./sortedScores.js";
import { EVALUATE_ALERTS_OPTIONS } from "./types/alerts.js";
import type { AlertEvaluation, AlertMetrics, EvaluateAlertsOptions, LabeledAlert } from "./types/alerts.js";

/**
 * Computes all alert-level metrics: ROC curve and its area, confusion matrix with accuracy and balanced
 * accuracy, calibration; for all alerts and for each bin of magnitude.
 *
 * A lower edge belongs to its bin, the faintest edge to the last. What cannot be computed, such as a ROC
 * curve where a bin holds one class alone, is absent; no rows at all give counts of 0. The order of the rows does not matter.
 *
 * Source: nabeelre/BTSbot, bts_val.py at a70c0d8 (which metrics, and the bins);
 * {@link computeRocCurve}, {@link computeConfusion} and {@link computeCalibration} say theirs.
 *
 * @param rows - alerts; score 0 to 1, label 1 for a bright transient, magpsf in mag
 * @param options - threshold, magnitude edges, number of calibration bins
 * @returns the metrics
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * whose label is neither 0 nor 1, or whose magpsf is not finite, and for options out of range
 *
 * @example
 * ```ts
 * import { evaluateAlerts } from "@btsbot/evaluate";
 *
 * const evaluation = evaluateAlerts([
 *   { score: 0.9, label: 1, magpsf: 18.2 },
 *   { score: 0.3, label: 0, magpsf: 18.3 },
 *   { score: 0.6, label: 0, magpsf: 19.4 },
 * ]);
 * evaluation.roc?.auc; // => 1
 * evaluation.confusion.balancedAccuracy; // => 0.75
 * evaluation.byMagnitude.filter(({ count }) => count > 0).map(({ low, confusion }) => [low, confusion.accuracy]); // => [[18, 1], [19, 0]]
 * ```
 */
export function evaluateAlerts(rows: readonly LabeledAlert[], options: EvaluateAlertsOptions = {}): AlertEvaluation {
  checkOptions("evaluateAlerts", options, EVALUATE_ALERTS_OPTIONS);
  checkArgument("evaluateAlerts", "rows", rows, "list");
  const bins = toBins(options.magnitudeEdges ?? ALERT_EDGES, "magnitudeEdges");
  const members: LabeledAlert[][] = bins.map(() => []);
  let outsideBins = 0;
  const problems = rows.flatMap((row, index) => {
    const bin = binOf(bins, row.magpsf);
    if (bin >= 0) members[bin].push(row);
    else outsideBins += 1;
    const path = `rows[${index}]`;
    const found = checkRow(row, path);
    return Number.isFinite(row.magpsf) ? found : [...found, invalid(`${path}.magpsf`, "a finite number", row.magpsf)];
  });
  refuse(problems);
  return {
    ...metricsOf(rows, options),
    byMagnitude: bins.map((bin, index) => ({ ...bin, ...metricsOf(members[index], options) })),
    outsideBins,
  };
}

function metricsOf(rows: readonly LabeledAlert[], options: EvaluateAlertsOptions): AlertMetrics {
  const scores = sortClasses(rows);
  return {
    count: rows.length,
    confusion: confusionOf(scores, options.threshold ?? PAPER_THRESHOLD),
    roc: rocOf(scores),
    calibration: calibrationOf(scores, options.calibrationBins ?? CALIBRATION_BINS),
  };
}
