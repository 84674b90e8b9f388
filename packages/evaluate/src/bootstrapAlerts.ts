import { checkArgument, checkOptions } from "@btsbot/errors";
import { checkThreshold } from "./computeConfusion.js";
import { ratio, refuse } from "./invalid.js";
import { PAPER_THRESHOLD } from "./paperThreshold.js";
import { intervalOf, readBootstrap } from "./resample.js";
import { checkRow } from "./sortedScores.js";
import { BOOTSTRAP_OPTIONS } from "./types/intervals.js";
import type { Threshold } from "./types/alerts.js";
import type { AlertIntervals, BootstrapOptions, SourceScoredAlert } from "./types/intervals.js";

/** Alerts by falling score, and the source of each. */
interface Ranked {
  /** The source of each alert, an index. */
  readonly sources: Uint32Array;
  /** The label of each. */
  readonly labels: Uint8Array;
  /** The score of each. */
  readonly scores: Float64Array;
  /** How many of them are called positive. */
  readonly called: number;
  /** How many sources there are. */
  readonly sourceCount: number;
}

/**
 * Makes bootstrap intervals of alert-level figures by drawing sources with replacement, each with all
 * its alerts: alerts of one source are alike, and intervals from drawing alerts would be too narrow.
 *
 * The intervals are of the percentile method; what a resample leaves undefined, as in {@link bootstrapSources}.
 *
 * Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, Chapter 13; Davison and Hinkley 1997,
 * Bootstrap Methods and their Application, Section 3.8 (clusters).
 *
 * @param rows - alerts with their source; score 0 to 1, label 1 for a bright transient
 * @param options - the source of random numbers, number of resamples, level; threshold of the
 * accuracies, {@link PAPER_THRESHOLD} if absent
 * @returns the intervals
 * @throws BtsbotError `evaluation-invalid` for every row whose score is not a number from 0 to 1, NaN included,
 * or whose label is neither 0 nor 1, and for options out of range
 *
 * @example
 * ```ts
 * import { createRandom } from "@btsbot/chance";
 * import { bootstrapAlerts } from "@btsbot/evaluate";
 *
 * const rows = ["a", "b", "c", "d"].map((objectId, index) => ({ objectId, score: index / 4, label: index > 1 ? 1 : 0, magpsf: 18 }) as const);
 * const { auc } = bootstrapAlerts(rows, { random: createRandom(1) });
 * [auc?.low, auc?.high]; // => [1, 1]
 * ```
 */
export function bootstrapAlerts(
  rows: readonly SourceScoredAlert[],
  options: BootstrapOptions & {
    /** Threshold of the accuracies. */
    readonly threshold?: Threshold | undefined;
  },
): AlertIntervals {
  checkOptions("bootstrapAlerts", options, { ...BOOTSTRAP_OPTIONS, threshold: "object" });
  checkArgument("bootstrapAlerts", "rows", rows, "list");
  const { random, resamples, level } = readBootstrap(options);
  refuse(rows.flatMap((row, index) => checkRow(row, `rows[${index}]`)));
  const ranked = rank(rows, options.threshold ?? PAPER_THRESHOLD);
  const drawn = Array.from({ length: resamples }, () => weigh(ranked, drawWeights(ranked.sourceCount, random)));
  return {
    level,
    accuracy: intervalOf(
      drawn.map(({ accuracy }) => accuracy),
      level,
    ),
    balancedAccuracy: intervalOf(
      drawn.map(({ balancedAccuracy }) => balancedAccuracy),
      level,
    ),
    auc: intervalOf(
      drawn.map(({ auc }) => auc),
      level,
    ),
  };
}

function rank(rows: readonly SourceScoredAlert[], threshold: Threshold): Ranked {
  checkThreshold(threshold);
  const names = [...new Set(rows.map(({ objectId }) => objectId))].sort();
  const indices = new Map(names.map((name, index) => [name, index]));
  const sorted = [...rows].sort((a, b) => b.score - a.score);
  const below = sorted.findIndex(
    ({ score }) => score < threshold.score || (threshold.rule === "above" && score === threshold.score),
  );
  return {
    sources: Uint32Array.from(sorted, ({ objectId }) => indices.get(objectId)!),
    labels: Uint8Array.from(sorted, ({ label }) => label),
    scores: Float64Array.from(sorted, ({ score }) => score),
    called: below < 0 ? sorted.length : below,
    sourceCount: names.length,
  };
}

/** How often each source is drawn. */
function drawWeights(sourceCount: number, random: () => number): Uint32Array {
  const weights = new Uint32Array(sourceCount);
  for (let draw = 0; draw < sourceCount; draw++) weights[Math.floor(random() * sourceCount)] += 1;
  return weights;
}

interface Figures {
  readonly accuracy?: number | undefined;
  readonly balancedAccuracy?: number | undefined;
  readonly auc?: number | undefined;
}

/** One walk down the scores, each alert as often as its source was drawn. */
function weigh({ sources, labels, scores, called }: Ranked, weights: Uint32Array): Figures {
  let [positives, negatives, calledPositives, calledNegatives, doubled] = [0, 0, 0, 0, 0];
  // Negatives among the alerts of the present score.
  let equal = 0;
  let positivesBefore = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = weights[sources[i]];
    if (labels[i] === 1) positives += weight;
    else equal += weight;
    // Equal scores stand or fall together.
    if (scores[i + 1] === scores[i]) continue;
    doubled += equal * (positives + positivesBefore);
    negatives += equal;
    equal = 0;
    positivesBefore = positives;
    if (i === called - 1) [calledPositives, calledNegatives] = [positives, negatives];
  }
  const accuracy = ratio(calledPositives + negatives - calledNegatives, positives + negatives);
  if (positives === 0 || negatives === 0) return { accuracy };
  return {
    accuracy,
    balancedAccuracy: (calledPositives / positives + 1 - calledNegatives / negatives) / 2,
    auc: doubled / 2 / positives / negatives,
  };
}
