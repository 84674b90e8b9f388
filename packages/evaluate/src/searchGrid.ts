import { computeRates } from "./computeRates.js";
import type { SourceAlerts } from "./groupAlerts.js";
import { countBelow } from "./sortedScores.js";
import type { SelectedSources } from "./selectSources.js";
import type { CandidateResult } from "./types/tuning.js";

/** What is tried, each with each. */
export interface Grid {
  /** Lowest scores. */
  readonly scores: readonly number[];
  /** Numbers of alerts. */
  readonly counts: readonly number[];
  /** Faintest magnitudes, mag; null for no cut. */
  readonly magnitudes: readonly (number | null)[];
}

/** For one count: by class, rising, the score from which on each source is no longer picked. */
interface Reached {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  readonly all: Float64Array;
}

/**
 * Tries every candidate on sources. A source is picked by a count and a magnitude at every score up to its
 * count-th highest among alerts bright enough: sorting these once serves all scores.
 *
 * @param grid - what is tried
 * @param sources - all sources that can be asked for
 * @param selection - those that count
 * @param perNight - what a number of sources is multiplied by to give requests a night
 * @param onProgress - told how many candidates of how many were tried
 * @returns every candidate, by magnitude, count and score
 */
export function searchGrid(
  grid: Grid,
  sources: ReadonlyMap<string, SourceAlerts>,
  selection: SelectedSources,
  perNight: number,
  onProgress?: (done: number, total: number) => void,
): CandidateResult[] {
  const labels = new Map(selection.kept.map(({ source, truth }) => [source.objectId, truth.label]));
  const total = grid.magnitudes.length * grid.counts.length * grid.scores.length;
  const results: CandidateResult[] = [];
  for (const magpsf of grid.magnitudes) {
    const ranked = [...sources.values()].map(({ objectId, exposures }) => ({
      label: labels.get(objectId),
      scores: rankScores(exposures, magpsf),
    }));
    for (const count of grid.counts) {
      const reached = reachedBy(ranked, count);
      for (const score of grid.scores) results.push(tryCandidate({ score, count, magpsf }, reached, perNight));
      onProgress?.(results.length, total);
    }
  }
  return results;
}

interface Ranked {
  readonly label: 0 | 1 | undefined;
  readonly scores: Float64Array;
}

/** The scores of exposures bright enough, rising: of several copies the highest, as any of them counts. */
function rankScores(exposures: SourceAlerts["exposures"], magpsf: number | null): Float64Array {
  return Float64Array.from(
    exposures.flatMap((copies) => {
      const scores = copies.flatMap((copy) => (magpsf === null || copy.magpsf <= magpsf ? (copy.score ?? []) : []));
      return scores.length > 1 ? [Math.max(...scores)] : scores;
    }),
  ).sort();
}

/** A source with too few scores is never picked: no score is as low as -1. */
function reachedBy(ranked: readonly Ranked[], count: number): Reached {
  const reached = (of: readonly Ranked[]): Float64Array =>
    Float64Array.from(of, ({ scores }) => scores[scores.length - count] ?? -1).sort();
  return {
    positives: reached(ranked.filter(({ label }) => label === 1)),
    negatives: reached(ranked.filter(({ label }) => label === 0)),
    all: reached(ranked),
  };
}

function tryCandidate(
  { score, count, magpsf }: Pick<CandidateResult, "score" | "count" | "magpsf">,
  { positives, negatives, all }: Reached,
  perNight: number,
): CandidateResult {
  const falseNegatives = countBelow(positives, score, false);
  const trueNegatives = countBelow(negatives, score, false);
  return {
    score,
    count,
    magpsf,
    ...computeRates({
      truePositives: positives.length - falseNegatives,
      falsePositives: negatives.length - trueNegatives,
      falseNegatives,
      trueNegatives,
    }),
    requestsPerNight: (all.length - countBelow(all, score, false)) * perNight,
  };
}
