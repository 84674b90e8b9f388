/** How well scores tell two classes apart, alert by alert. */
export interface ScoreMetrics {
  /** Alerts. */
  readonly alerts: number;
  /** Part of the alerts on the right side of 0.5; exactly 0.5 counts as 0. */
  readonly accuracy: number;
  /** Area under the ROC curve; null if a class is absent. */
  readonly auc: number | null;
  /** Alerts of label 1 with a score above 0.5. */
  readonly truePositives: number;
  /** Alerts of label 0 with a score above 0.5. */
  readonly falsePositives: number;
  /** Alerts of label 0 with a score of 0.5 or less. */
  readonly trueNegatives: number;
  /** Alerts of label 1 with a score of 0.5 or less. */
  readonly falseNegatives: number;
}

/**
 * Measures scores against the truth.
 *
 * @param labels - the truth, 0 or 1
 * @param scores - the scores, 0 to 1, as many
 * @returns accuracy, area under the curve and confusion
 *
 * Source: for the area, Hanley and McNeil 1982, Radiology 143, 29 (ranks; equal scores count half).
 *
 * @internal
 */
export function measureScores(labels: ArrayLike<number>, scores: ArrayLike<number>): ScoreMetrics {
  const count = [0, 0, 0, 0];
  Array.from(labels, (label, place) => (count[2 * label + (scores[place] > 0.5 ? 1 : 0)] += 1));
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = count;
  const accuracy = (trueNegatives + truePositives) / labels.length;
  return {
    alerts: labels.length,
    accuracy,
    auc: computeAuc(labels, scores),
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
  };
}

function computeAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const order = Array.from(labels, (_, place) => place).sort((a, b) => scores[a] - scores[b]);
  let [ranks, positives] = [0, 0];
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && scores[order[end]] === scores[order[start]]) end += 1;
    // Equal scores share the mean of their ranks, which count from 1.
    const own = order.slice(start, end).filter((place) => labels[place] === 1).length;
    ranks += (own * (start + 1 + end)) / 2;
    positives += own;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
