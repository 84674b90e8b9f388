import { checkArgument, checkOptions } from "@btsbot/errors";
import { ratio } from "./invalid.js";
import { quantileOf } from "./quantileOf.js";
import { intervalOf, readBootstrap } from "./resample.js";
import { BOOTSTRAP_OPTIONS } from "./types/intervals.js";
import type { BootstrapOptions, SourceIntervals } from "./types/intervals.js";
import type { Delays, SourceEvaluation } from "./types/sources.js";

/** What a resample is made of: each source that counts, in a fixed order. */
interface Sources {
  /** How many are true positives: the first ones. */
  readonly truePositives: number;
  /** How many are false positives: the next ones. */
  readonly falsePositives: number;
  /** How many are false negatives: the next ones; the rest are true negatives. */
  readonly falseNegatives: number;
  /** How many there are. */
  readonly total: number;
  /** Save delay of each true positive, days; NaN where there is none. */
  readonly save: Float64Array;
  /** Trigger delay likewise. */
  readonly trigger: Float64Array;
}

/** The figures of one resample, undefined where a denominator is 0. */
type Figures = readonly [
  completeness: number | undefined,
  purity: number | undefined,
  save: number | undefined,
  trigger: number | undefined,
];

/**
 * Makes bootstrap intervals of a policy's figures by drawing sources, not alerts, with replacement: the
 * alerts of one source are not independent measurements.
 *
 * The intervals are of the percentile method, with linear interpolation. A resample that leaves a figure undefined,
 * such as purity where nothing was picked, is left out of that figure's interval, which says how many
 * it rests on. Where every source counts alike (a completeness of 1) the interval has no width: a
 * bootstrap cannot see what the sample does not hold.
 *
 * Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, Chapter 13.
 *
 * @param evaluation - what {@link evaluateSources} gives
 * @param options - the source of random numbers, number of resamples, level
 * @returns the intervals
 * @throws BtsbotError `evaluation-invalid` for a number of resamples that is not a positive integer, or a level
 * that is not between 0 and 1
 *
 * @example
 * ```ts
 * import { createRandom } from "@btsbot/chance";
 * import { bootstrapSources, evaluateSources } from "@btsbot/evaluate";
 *
 * const alerts = ["a", "b", "c", "d"].map((objectId) => ({ objectId, candid: 1n, jd: 2460000, magpsf: 18 }));
 * const truth = alerts.map(({ objectId }) => ({ objectId, label: objectId === "d" ? 0 : 1 } as const));
 * const decisions = ["b", "c", "d"].map((objectId) => ({
 *   policy: "mine", objectId, action: "save", candid: 1n, jd: 2460000, reasons: [], alerts: [],
 * } as const));
 * const evaluation = evaluateSources(decisions, alerts, truth, { exclude: { minAlerts: 1 } });
 *
 * evaluation.overall.purity?.toFixed(2); // => "0.67"
 * const { purity } = bootstrapSources(evaluation, { random: createRandom(1) });
 * [purity?.low, purity?.high]; // => [0, 1]
 * ```
 */
export function bootstrapSources(evaluation: SourceEvaluation, options: BootstrapOptions): SourceIntervals {
  checkOptions("bootstrapSources", options, BOOTSTRAP_OPTIONS);
  checkArgument("bootstrapSources", "evaluation", evaluation, "object", ["overall"]);
  const { random, resamples, level } = readBootstrap(options);
  const sources = toSources(evaluation);
  const drawn = Array.from({ length: resamples }, () => drawFigures(sources, random));
  const [completeness, purity, saveDelay, triggerDelay] = [0, 1, 2, 3].map((index) =>
    intervalOf(
      drawn.map((figures) => figures[index]),
      level,
    ),
  );
  return { level, completeness, purity, saveDelay, triggerDelay };
}

function toSources({ overall, truePositives, saveDelays, triggerDelays }: SourceEvaluation): Sources {
  const byTruePositive = ({ values }: Delays): Float64Array => {
    const days = new Map(values.map((delay) => [delay.objectId, delay.days]));
    return Float64Array.from(truePositives, ({ objectId }) => days.get(objectId) ?? NaN);
  };
  return {
    truePositives: overall.truePositives,
    falsePositives: overall.falsePositives,
    falseNegatives: overall.falseNegatives,
    total: overall.truePositives + overall.falsePositives + overall.falseNegatives + overall.trueNegatives,
    save: byTruePositive(saveDelays),
    trigger: byTruePositive(triggerDelays),
  };
}

function drawFigures(
  { truePositives, falsePositives, falseNegatives, total, save, trigger }: Sources,
  random: () => number,
): Figures {
  let [tp, fp, fn] = [0, 0, 0];
  const saves: number[] = [];
  const triggers: number[] = [];
  for (let draw = 0; draw < total; draw++) {
    const source = Math.floor(random() * total);
    if (source < truePositives) {
      tp += 1;
      if (!Number.isNaN(save[source])) saves.push(save[source]);
      if (!Number.isNaN(trigger[source])) triggers.push(trigger[source]);
    } else if (source < truePositives + falsePositives) fp += 1;
    else if (source < truePositives + falsePositives + falseNegatives) fn += 1;
  }
  return [ratio(tp, tp + fn), ratio(tp, tp + fp), medianOf(saves), medianOf(triggers)];
}

function medianOf(values: readonly number[]): number | undefined {
  return quantileOf(Float64Array.from(values).sort(), 0.5);
}
