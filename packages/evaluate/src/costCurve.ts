import { computeRates } from "./computeRates.js";
import type { SourceAlerts } from "./groupAlerts.js";
import { ratio } from "./invalid.js";
import type { replayPolicy } from "./replayPolicy.js";
import { countBelow } from "./sortedScores.js";
import type { CostPoint } from "./types/backtest.js";
import type { SourceEvaluation } from "./types/sources.js";

/**
 * The highest threshold at which a policy still fires at a source: alerts scored below it count as scored 0.
 *
 * @param replay - the policy's replay
 * @param source - a source at which it fires
 * @returns one of the source's scores; Infinity if it fires whatever the scores are
 */
export function strengthOf(replay: ReturnType<typeof replayPolicy>, { copies: alerts }: SourceAlerts): number {
  const fires = (threshold: number): boolean =>
    replay(
      alerts.map((alert) => (alert.score !== undefined && alert.score < threshold ? { ...alert, score: 0 } : alert)),
    ) !== undefined;
  if (fires(Infinity)) return Infinity;
  const scores = Float64Array.from(new Set(alerts.flatMap(({ score }) => score ?? []))).sort();
  // It fires at the lowest score, which masks none. Lower scores fulfil less, so the first at which it does not is sought.
  let low = 0;
  let high = scores.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (fires(scores[middle])) low = middle;
    else high = middle;
  }
  return scores[low];
}

/**
 * What a policy costs and finds as only scores from a threshold on count.
 *
 * @param strengths - {@link strengthOf} each source at which it fires
 * @param evaluation - how it does at threshold 0
 * @param counted - the sources that count as requests
 * @param nights - number of nights with alerts
 * @returns the curve by rising threshold: the policy itself at 0, then a point wherever it has lost sources
 */
export function costCurveOf(
  strengths: ReadonlyMap<string, number>,
  { overall, truePositives: found, falsePositives: picked }: SourceEvaluation,
  counted: ReadonlyMap<string, unknown>,
  nights: number,
): CostPoint[] {
  const strengthsOf = (objectIds: readonly string[]): Float64Array =>
    Float64Array.from(objectIds, (objectId) => strengths.get(objectId)!).sort();
  const requests = strengthsOf([...counted.keys()]);
  const positives = strengthsOf(found.map(({ objectId }) => objectId));
  const negatives = strengthsOf(picked.map(({ objectId }) => objectId));
  const remaining = (of: Float64Array, threshold: number): number => of.length - countBelow(of, threshold, false);
  const distinct = new Set(Float64Array.from(strengths.values()).sort());
  // At the lowest strength nothing is lost yet.
  const thresholds = [0, ...[...distinct].slice(1).filter((strength) => strength < Infinity)];
  return thresholds.map((threshold): CostPoint => {
    const truePositives = remaining(positives, threshold);
    const falsePositives = remaining(negatives, threshold);
    const { completeness, purity } = computeRates({
      truePositives,
      falsePositives,
      falseNegatives: overall.truePositives + overall.falseNegatives - truePositives,
      trueNegatives: overall.falsePositives + overall.trueNegatives - falsePositives,
    });
    const count = remaining(requests, threshold);
    return {
      threshold,
      requests: count,
      requestsPerNight: ratio(count, nights),
      truePositives,
      falsePositives,
      completeness,
      purity,
    };
  });
}
