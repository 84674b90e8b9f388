import { checkOptions } from "@btsbot/errors";
import type { OptionNames, Problem } from "@btsbot/errors";
import { atLeast, makePolicy } from "@btsbot/policy";
import type { CountedBy, Policy, PolicyAlert } from "@btsbot/policy";
import { bootstrapSources } from "./bootstrapSources.js";
import { evaluateSelection } from "./evaluateSources.js";
import { groupAlerts } from "./groupAlerts.js";
import type { GroupedAlerts } from "./groupAlerts.js";
import { invalid, isScore, refuse } from "./invalid.js";
import { isHeldOut } from "./isHeldOut.js";
import { nightOf } from "@btsbot/sky";
import { replayPolicy } from "./replayPolicy.js";
import { searchGrid } from "./searchGrid.js";
import type { Grid } from "./searchGrid.js";
import { indexTruth, selectSources } from "./selectSources.js";
import { BOOTSTRAP_OPTIONS } from "./types/intervals.js";
import { EVALUATE_SOURCES_OPTIONS } from "./types/sources.js";
import type { SourceTruth } from "./types/sources.js";
import type { CandidateResult, HeldOut, PolicyCandidate, TuneGoal, TuneOptions, TunedPolicy } from "./types/tuning.js";

/** What is tried, unless told otherwise. */
const DEFAULT_GRID: Grid = {
  scores: [...Array.from({ length: 49 }, (_, index) => (2 * index + 2) / 100), 0.99],
  counts: [1, 2, 3, 4, 5],
  magnitudes: [18, 18.5, 19, 19.5, null],
};

/**
 * Searches the policy "at least N alerts with a score of at least s and magpsf of at most m" that serves a
 * goal best, on one half of the sources, and says how it does on the other half.
 *
 * Goals: the best purity at no less than a completeness; or the best completeness at no more than a number of
 * requests a night, on average. Of equal candidates the more complete, or purer, one wins, then the one with
 * fewer requests, then the first in order of magnitude, count and score.
 *
 * - Halves are by source, by a hash of its name: the same source is always in the same half.
 * - Figures of the searched half flatter, as the best of many was chosen by them; `heldOut` does not. Nothing in
 *   the search sees the held-out half, but the number of nights.
 * - Requests a night are of the whole stream: those of a half are scaled by the number of sources.
 * - Exclusions are as in {@link evaluateSources}; sources left out, or without truth, still cost requests.
 *
 * Same input, same result; the order of alerts and truth does not matter.
 *
 * Source: what is searched is the form of bts_p1 in Rehemtulla et al. 2024, ApJ 972, 7, Section 4.1; Section 4.1
 * (Figure 8) proposes other thresholds.
 *
 * @param alerts - scored alerts of all sources, in any order
 * @param truth - what is known of the sources, each once
 * @param options - goal, grid, exclusions, bootstrap of the held-out figures, progress
 * @returns the best candidate, its figures on both halves, and every candidate tried; no `best` if none meets the goal,
 * or no bright transient counts in the searched half: there is nothing to find then
 * @throws BtsbotError `evaluation-invalid` as {@link evaluateSources} does, and for a goal or grid out of range
 *
 * @example
 * ```ts
 * import { tunePolicy } from "@btsbot/evaluate";
 *
 * // 40 sources, two alerts each: transients score 0.8, others 0.6.
 * const names = Array.from({ length: 40 }, (_, index) => `ZTF20aaaa${String(index).padStart(3, "0")}`);
 * const alerts = names.flatMap((objectId, index) => [0, 1].map((day) => (
 *   { objectId, candid: BigInt(day), jd: 2459300.8 + day, magpsf: 18.2, score: index % 2 === 0 ? 0.8 : 0.6 })));
 * const truth = names.map((objectId, index) => ({ objectId, label: index % 2 === 0 ? 1 : 0 } as const));
 *
 * const { best, heldOut } = tunePolicy(alerts, truth, { goal: { completeness: 0.95 }, scores: [0.5, 0.7, 0.9] });
 * [best?.score, best?.purity]; // => [0.7, 1]
 * heldOut?.sources.overall.purity; // => 1
 * ```
 */
export function tunePolicy(
  alerts: readonly PolicyAlert[],
  truth: readonly SourceTruth[],
  options: TuneOptions,
): TunedPolicy {
  checkOptions("tunePolicy", options, TUNE_OPTIONS);
  const grid = readGrid(options);
  const grouped = groupAlerts(alerts, options.countedBy);
  const known = [...indexTruth(truth)];
  const [searched, heldOut] = [false, true].map((wanted) => ({
    sources: new Map([...grouped.sources].filter(([objectId]) => isHeldOut(objectId) === wanted)),
    truth: new Map(known.filter(([objectId]) => isHeldOut(objectId) === wanted)),
  }));
  const nights = countNights(grouped);
  const perNight = ({ sources }: Half): number =>
    sources.size === 0 ? 0 : grouped.sources.size / sources.size / nights;
  const selection = selectSources(searched, searched.truth, options.exclude);
  const candidates = searchGrid(grid, searched.sources, selection, perNight(searched), options.onProgress);
  const best = chooseBest(candidates, options.goal);
  const policy = best && toPolicy(best, options.countedBy);
  return {
    best,
    policy,
    heldOut: policy && judgeHeldOut(policy, heldOut, perNight(heldOut), options),
    candidates,
    searchedSources: searched.sources.size,
    heldOutSources: heldOut.sources.size,
  };
}

/** The names of {@link TuneOptions}. */
const TUNE_OPTIONS: OptionNames<TuneOptions> = {
  ...EVALUATE_SOURCES_OPTIONS,
  goal: "object!",
  scores: "list",
  counts: "list",
  magnitudes: "list",
  bootstrap: BOOTSTRAP_OPTIONS,
  onProgress: "function",
};

/** One half of the sources. */
interface Half extends Pick<GroupedAlerts, "sources"> {
  /** What is known of its sources. */
  readonly truth: ReadonlyMap<string, SourceTruth>;
}

function readGrid({ goal, scores, counts, magnitudes }: TuneOptions): Grid {
  const grid: Grid = {
    scores: scores ?? DEFAULT_GRID.scores,
    counts: counts ?? DEFAULT_GRID.counts,
    magnitudes: magnitudes ?? DEFAULT_GRID.magnitudes,
  };
  const check = <T>(path: string, values: readonly T[], expected: string, holds: (value: T) => boolean): Problem[] =>
    values.length > 0 && values.every(holds) ? [] : [invalid(path, expected, values.join(", "))];
  refuse([
    ...check("scores", grid.scores, "one or more numbers from 0 to 1", isScore),
    ...check(
      "counts",
      grid.counts,
      "one or more integers from 1 to 1000",
      (count) => Number.isInteger(count) && count >= 1 && count <= 1000,
    ),
    ...check(
      "magnitudes",
      grid.magnitudes,
      "one or more magnitudes, or null",
      (magpsf) => magpsf === null || Number.isFinite(magpsf),
    ),
    ...("completeness" in goal
      ? check("goal.completeness", [goal.completeness], "a number from 0 to 1", isScore)
      : check("goal.requestsPerNight", [goal.requestsPerNight], "a number, 0 or more", (limit) => limit >= 0)),
  ]);
  return grid;
}

function countNights({ sources }: GroupedAlerts): number {
  const nids = new Set<number>();
  for (const { copies } of sources.values()) for (const { jd } of copies) nids.add(nightOf(jd));
  return nids.size;
}

type Judged = Pick<CandidateResult, "completeness" | "purity" | "requestsPerNight">;

function meets(goal: TuneGoal, { completeness = -1, requestsPerNight }: Judged): boolean {
  return "completeness" in goal ? completeness >= goal.completeness : requestsPerNight <= goal.requestsPerNight;
}

function chooseBest(candidates: readonly CandidateResult[], goal: TuneGoal): CandidateResult | undefined {
  // What is undefined, as nothing was picked, is worse than 0.
  const compare = (a: CandidateResult, b: CandidateResult): number => {
    const purer = (a.purity ?? -1) - (b.purity ?? -1);
    const fuller = (a.completeness ?? -1) - (b.completeness ?? -1);
    return ("completeness" in goal ? purer || fuller : fuller || purer) || b.requestsPerNight - a.requestsPerNight;
  };
  let best: CandidateResult | undefined;
  for (const each of candidates)
    if (each.completeness !== undefined && meets(goal, each) && (best === undefined || compare(each, best) > 0))
      best = each;
  return best;
}

function toPolicy({ score, count, magpsf }: PolicyCandidate, countedBy: CountedBy | undefined): Policy {
  const bright = magpsf === null ? [] : [`magpsf <= ${magpsf}`];
  return makePolicy(
    "tuned",
    { action: "trigger", ...(countedBy && { countedBy }) },
    atLeast(count, `score >= ${score}`, ...bright),
  );
}

function judgeHeldOut(policy: Policy, half: Half, perNight: number, options: TuneOptions): HeldOut {
  const fired = new Map<string, number>();
  const replay = replayPolicy(policy);
  for (const [objectId, { copies }] of half.sources) {
    const jd = replay(copies);
    if (jd !== undefined) fired.set(objectId, jd);
  }
  const sources = evaluateSelection(fired, selectSources(half, half.truth, options.exclude), options);
  const requestsPerNight = fired.size * perNight;
  return {
    sources,
    ...(options.bootstrap && { intervals: bootstrapSources(sources, options.bootstrap) }),
    requestsPerNight,
    meetsGoal: meets(options.goal, { ...sources.overall, requestsPerNight }),
  };
}
