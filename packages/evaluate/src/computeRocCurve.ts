import { sortScores } from "./sortedScores.js";
import type { SortedScores } from "./sortedScores.js";
import type { LabeledAlert, RocCurve, RocPoint } from "./types/alerts.js";

/**
 * Computes the receiver operating characteristic of scores, and the area under it.
 *
 * Alerts of equal score stand or fall together: they give one point, so that the area counts a positive
 * and a negative of equal score as half (it is the Mann-Whitney statistic). A point on the straight line
 * between its neighbours is left out. Both are as in scikit-learn; the order of the rows does not matter.
 *
 * Source: Fawcett 2006, Pattern Recognition Letters 27, 861, Algorithms 1 and 2; scikit-learn,
 * `sklearn.metrics.roc_curve` and `auc`.
 *
 * @param rows - alerts; score 0 to 1, label 1 for a bright transient
 * @returns the curve; undefined unless both classes are there
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * or whose label is neither 0 nor 1
 *
 * @example
 * ```ts
 * import { computeRocCurve } from "@btsbot/evaluate";
 *
 * const roc = computeRocCurve([
 *   { score: 0.1, label: 0 }, { score: 0.4, label: 0 }, { score: 0.35, label: 1 }, { score: 0.8, label: 1 },
 * ]);
 * roc?.auc; // => 0.75
 * roc?.points.map(({ threshold }) => threshold); // => [null, 0.8, 0.4, 0.35, 0.1]
 * computeRocCurve([{ score: 0.1, label: 0 }]); // => undefined
 * ```
 */
export function computeRocCurve(rows: readonly Pick<LabeledAlert, "score" | "label">[]): RocCurve | undefined {
  return rocOf(sortScores(rows));
}

interface RocStep {
  readonly threshold: number | null;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * {@link computeRocCurve} of scores that are sorted already.
 *
 * @param scores - the scores by class
 * @returns the curve; undefined unless both classes are there
 */
export function rocOf(scores: SortedScores): RocCurve | undefined {
  const { length: positives } = scores.positives;
  const { length: negatives } = scores.negatives;
  if (positives === 0 || negatives === 0) return undefined;
  const steps = countSteps(scores);
  // In whole numbers, so that nothing is rounded but the last division.
  let doubled = 0;
  for (let i = 1; i < steps.length; i++) {
    doubled += (steps[i].negatives - steps[i - 1].negatives) * (steps[i].positives + steps[i - 1].positives);
  }
  const points = steps
    .filter((_, index) => isCorner(steps, index))
    .map((step): RocPoint => ({
      threshold: step.threshold,
      falsePositiveRate: step.negatives / negatives,
      truePositiveRate: step.positives / positives,
    }));
  return { points, auc: doubled / 2 / positives / negatives };
}

/** How many of each class have at least a score, for every score from the highest on. */
function countSteps({ positives, negatives }: SortedScores): RocStep[] {
  const steps: RocStep[] = [{ threshold: null, positives: 0, negatives: 0 }];
  let i = positives.length;
  let j = negatives.length;
  while (i > 0 || j > 0) {
    const threshold = Math.max(i > 0 ? positives[i - 1] : -1, j > 0 ? negatives[j - 1] : -1);
    while (i > 0 && positives[i - 1] === threshold) i--;
    while (j > 0 && negatives[j - 1] === threshold) j--;
    steps.push({ threshold, positives: positives.length - i, negatives: negatives.length - j });
  }
  return steps;
}

/** Scikit-learn keeps the first two points and the last, whatever lies between them. */
function isCorner(steps: readonly RocStep[], index: number): boolean {
  if (index <= 1 || index === steps.length - 1) return true;
  const [before, here, after] = steps.slice(index - 1, index + 2);
  return (
    here.positives - before.positives !== after.positives - here.positives ||
    here.negatives - before.negatives !== after.negatives - here.negatives
  );
}
