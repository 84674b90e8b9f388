import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { Policy, PolicyAlert } from "@btsbot/policy";
import { bootstrapAlerts } from "./bootstrapAlerts.js";
import { bootstrapSources } from "./bootstrapSources.js";
import { costCurveOf, strengthOf } from "./costCurve.js";
import { countRequests } from "./countRequests.js";
import { evaluateAlerts } from "./evaluateAlerts.js";
import { evaluateSelection } from "./evaluateSources.js";
import { groupAlerts } from "./groupAlerts.js";
import type { GroupedAlerts } from "./groupAlerts.js";
import { nightOf } from "@btsbot/sky";
import { replayPolicy } from "./replayPolicy.js";
import { indexTruth, selectSources } from "./selectSources.js";
import type { SelectedSources } from "./selectSources.js";
import { EVALUATE_ALERTS_OPTIONS } from "./types/alerts.js";
import { BOOTSTRAP_OPTIONS } from "./types/intervals.js";
import { EVALUATE_SOURCES_OPTIONS } from "./types/sources.js";
import type { Backtest, BacktestOptions, JdWindow, PolicyResult } from "./types/backtest.js";
import type { SourceScoredAlert } from "./types/intervals.js";
import type { SourceTruth } from "./types/sources.js";

/** Sources between two words of progress. */
const PROGRESS_SOURCES = 500;

/** When a policy fires, by source. */
type Fired = ReadonlyMap<string, number>;

/**
 * Replays scored alerts through policies and gives the figures of the paper's Table 6 for each: accuracy and
 * area under the ROC curve of the alerts; completeness, purity and delays of the sources; and what each policy
 * would have asked for, night by night and as only higher scores count.
 *
 * Alerts are replayed in order of jd, then candid; one that came twice counts once. So do alerts of one source, time and
 * filter under several candids or scored again, unless `countedBy` says otherwise; policies are shown them all, and count
 * by their own rule, as `stepPolicy` of `@btsbot/policy` does. Alert-level metrics are of every scored
 * alert whose source the truth knows, without exclusions. Requests are of every source at which a policy fires,
 * also of those that do not count for purity: each would have been a spectrum. A night is the survey's, see `nightOf` of `@btsbot/sky`.
 *
 * The cost curve masks scores: at a threshold, alerts with a lower score count as scored 0. It shows
 * the policy at its own threshold and stricter, never laxer, and takes for granted that higher scores never keep
 * a policy from firing.
 *
 * Time and memory grow in proportion to the number of alerts (`npm run bench -- backtest`).
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Sections 4.1, 4.2 (window) and Table 6.
 *
 * @param policies - the policies
 * @param alerts - scored alerts of all sources, in any order
 * @param truth - what is known of the sources, each once
 * @param options - those of {@link evaluateAlerts} and {@link evaluateSources}; window, bootstrap, progress
 * @returns the figures; plain data that survive JSON
 * @throws BtsbotError `evaluation-invalid` as {@link evaluateSources} does
 *
 * @example
 * ```ts
 * import { backtest } from "@btsbot/evaluate";
 * import { getPolicy } from "@btsbot/policy";
 *
 * const alerts = [
 *   { objectId: "ZTF20aaaaaaa", candid: 1n, jd: 2459300.8, magpsf: 18.6, score: 0.9 },
 *   { objectId: "ZTF20aaaaaaa", candid: 2n, jd: 2459302.8, magpsf: 18.2, score: 0.8 },
 *   { objectId: "ZTF20aaaaaab", candid: 3n, jd: 2459300.8, magpsf: 18.9, score: 0.7 },
 *   { objectId: "ZTF20aaaaaab", candid: 4n, jd: 2459301.8, magpsf: 18.8, score: 0.6 },
 * ];
 * const truth = [{ objectId: "ZTF20aaaaaaa", label: 1 }, { objectId: "ZTF20aaaaaab", label: 0 }] as const;
 *
 * const { policies } = backtest([getPolicy("bts_p1"), getPolicy("bts_p2")], alerts, truth);
 * policies.map(({ policy, sources }) => [policy, sources.overall.completeness, sources.overall.purity]); // => [["bts_p1", 1, 0.5], ["bts_p2", 1, 1]]
 * policies[0].requests.nights.map(({ requests }) => requests); // => [0, 1, 1]
 * policies[0].costCurve.map(({ threshold, requests, purity }) => [threshold, requests, purity]); // => [[0, 2, 0.5], [0.8, 1, 1]]
 * ```
 */
export function backtest(
  policies: readonly Policy[],
  alerts: readonly PolicyAlert[],
  truth: readonly SourceTruth[],
  options: BacktestOptions = {},
): Backtest {
  checkOptions("backtest", options, BACKTEST_OPTIONS);
  checkArgument("backtest", "policies", policies, "list");
  checkArgument("backtest", "alerts", alerts, "list");
  checkArgument("backtest", "truth", truth, "list");
  const { threshold, magnitudeEdges, calibrationBins } = options;
  const known = indexTruth(truth);
  const grouped = groupAlerts(alerts, options.countedBy);
  const { rows, unscored } = scoredRows(grouped, known);
  const fired = replayAll(policies, grouped, options.onProgress);
  const sample = options.window && sampleOf(options.window, grouped, fired[0] ?? new Map());
  const selection = selectSources(grouped, known, sample ? { ...options.exclude, sample } : options.exclude);
  const nids = nightsOf(grouped, options.window);
  return {
    alerts: evaluateAlerts(rows, { threshold, magnitudeEdges, calibrationBins }),
    ...(options.bootstrap && {
      alertIntervals: bootstrapAlerts(rows, { ...options.bootstrap, threshold }),
    }),
    policies: policies.map((policy, index) => judge(policy, fired[index], grouped, selection, nids, options)),
    alertCount: grouped.alertCount,
    sourceCount: grouped.sources.size,
    duplicates: grouped.duplicates,
    copies: grouped.copies,
    unscored,
  };
}

function judge(
  policy: Policy,
  fired: Fired,
  grouped: GroupedAlerts,
  selection: SelectedSources,
  nids: readonly number[],
  options: BacktestOptions,
): PolicyResult {
  const counted = new Map([...fired].filter(([, jd]) => isInside(jd, options.window)));
  const sources = evaluateSelection(fired, selection, options);
  const replay = replayPolicy(policy);
  const strengths = new Map(
    [...fired.keys()].map((objectId) => [objectId, strengthOf(replay, grouped.sources.get(objectId)!)]),
  );
  return {
    policy: policy.name,
    sources,
    ...(options.bootstrap && { intervals: bootstrapSources(sources, options.bootstrap) }),
    requests: countRequests(counted.values(), nids),
    costCurve: costCurveOf(strengths, sources, counted, nids.length),
  };
}

function replayAll(
  policies: readonly Policy[],
  grouped: GroupedAlerts,
  onProgress: BacktestOptions["onProgress"],
): Fired[] {
  const replays = policies.map(replayPolicy);
  const fired = policies.map(() => new Map<string, number>());
  let [sources, alerts] = [0, 0];
  for (const [objectId, source] of grouped.sources) {
    replays.forEach((replay, index) => {
      const jd = replay(source.copies);
      if (jd !== undefined) fired[index].set(objectId, jd);
    });
    sources += 1;
    alerts += source.alerts.length;
    if (sources % PROGRESS_SOURCES === 0 || sources === grouped.sources.size) onProgress?.(alerts, grouped.alertCount);
  }
  return fired;
}

function scoredRows(
  grouped: GroupedAlerts,
  truth: ReadonlyMap<string, SourceTruth>,
): { rows: SourceScoredAlert[]; unscored: number } {
  const rows: SourceScoredAlert[] = [];
  let unscored = 0;
  for (const [objectId, { alerts }] of grouped.sources) {
    const label = truth.get(objectId)?.label;
    for (const { score, magpsf } of alerts) {
      if (score === undefined) unscored += 1;
      else if (label !== undefined) rows.push({ objectId, score, label, magpsf });
    }
  }
  return { rows, unscored };
}

/** The names of {@link BacktestOptions}. */
const BACKTEST_OPTIONS: OptionNames<BacktestOptions> = {
  ...EVALUATE_ALERTS_OPTIONS,
  ...EVALUATE_SOURCES_OPTIONS,
  window: "object",
  bootstrap: BOOTSTRAP_OPTIONS,
  onProgress: "function",
};

/** The sources that peak, or at which the first policy fires, in the window. */
function sampleOf(window: JdWindow, grouped: GroupedAlerts, fired: Fired): Set<string> {
  const inside = [...grouped.sources.values()].filter(
    ({ objectId, peak }) => isInside(peak.jd, window) || isInside(fired.get(objectId) ?? NaN, window),
  );
  return new Set(inside.map(({ objectId }) => objectId));
}

function nightsOf(grouped: GroupedAlerts, window: JdWindow | undefined): number[] {
  const nids = new Set<number>();
  // Where candids count, an id may stand on two nights: a policy may fire on either.
  for (const { copies } of grouped.sources.values()) {
    for (const { jd } of copies) if (isInside(jd, window)) nids.add(nightOf(jd));
  }
  return [...nids].sort((a, b) => a - b);
}

function isInside(jd: number, window: JdWindow | undefined): boolean {
  return window === undefined || (jd > window.afterJd && jd < window.beforeJd);
}
