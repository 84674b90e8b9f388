import { checkArgument, checkOptions } from "@btsbot/errors";
import type { Decision, PolicyAlert } from "@btsbot/policy";
import { computeRates } from "./computeRates.js";
import { groupAlerts } from "./groupAlerts.js";
import type { GroupedAlerts } from "./groupAlerts.js";
import { invalid, refuse } from "./invalid.js";
import { binOf, PEAK_EDGES, toBins } from "./magnitudeBins.js";
import { measureDelays } from "./measureDelays.js";
import { indexTruth, selectSources } from "./selectSources.js";
import type { KnownSource, SelectedSources } from "./selectSources.js";
import { EVALUATE_SOURCES_OPTIONS } from "./types/sources.js";
import type {
  Delays,
  EvaluateSourcesOptions,
  PeakBin,
  SourceEvaluation,
  SourceOutcome,
  SourceRates,
  SourceTruth,
} from "./types/sources.js";

/**
 * Judges a policy source by source: completeness and purity, overall and by peak magnitude, with the
 * sources named, and delays against the times at which people acted.
 *
 * - A source is picked if the policy has a decision on it, at the earliest one's date.
 * - Its peak is the brightest of the alerts given. Bins hold their bright edge, the last its faint edge too; overall
 *   figures are also of the sources outside the bins.
 * - Left out, each unless switched off: junk; sources with fewer than 2 alerts (both in the paper); positive sources
 *   whose peak is fainter than 18.5 mag, as alerts were cut (in the code alone). Each is named.
 * - Delays are of true positives whose time is known and not before 2021-01-01; the median ignores the others.
 * - A source without truth, or of the truth without alerts, is named and counts for nothing.
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Section 4.1; nabeelre/BTSbot, bts_val.py at a70c0d8.
 *
 * @param decisions - what one policy decided, in any order
 * @param alerts - all alerts that the policy saw, in any order
 * @param truth - what is known of the sources, each once
 * @param options - what to leave out, bins of peak magnitude, first date of delays
 * @returns the figures, and every source of the input in its place
 * @throws BtsbotError `evaluation-invalid` if decisions are of several policies or of sources without alerts, an alert
 * has a jd, magpsf or score that is not a number, NaN included, a source comes twice in the truth, or an option is out of range
 *
 * @example
 * ```ts
 * import { evaluateSources } from "@btsbot/evaluate";
 * import { getPolicy, stepPolicy } from "@btsbot/policy";
 *
 * const alerts = [
 *   { objectId: "ZTF23abhvlji", candid: 1n, jd: 2460220.94, magpsf: 18.4, score: 0.98 },
 *   { objectId: "ZTF23abhvlji", candid: 2n, jd: 2460222.91, magpsf: 18.1, score: 0.99 },
 * ];
 * const policy = getPolicy("bts_p1");
 * const { state } = stepPolicy(policy, undefined, alerts[0]);
 * const { decisions } = stepPolicy(policy, state, alerts[1]);
 *
 * const evaluation = evaluateSources(decisions, alerts, [{ objectId: "ZTF23abhvlji", label: 1, saveJd: 2460222.41 }]);
 * evaluation.overall.completeness; // => 1
 * evaluation.saveDelays.median?.toFixed(2); // => "0.50"
 * ```
 */
export function evaluateSources(
  decisions: readonly Decision[],
  alerts: readonly PolicyAlert[],
  truth: readonly SourceTruth[],
  options: EvaluateSourcesOptions = {},
): SourceEvaluation {
  checkOptions("evaluateSources", options, EVALUATE_SOURCES_OPTIONS);
  checkArgument("evaluateSources", "decisions", decisions, "list");
  checkArgument("evaluateSources", "alerts", alerts, "list");
  checkArgument("evaluateSources", "truth", truth, "list");
  const grouped = groupAlerts(alerts, options.countedBy);
  const selection = selectSources(grouped, indexTruth(truth), options.exclude);
  return evaluateSelection(firedDates(decisions, grouped), selection, options);
}

/**
 * When a policy fired at each source.
 *
 * @param decisions - what one policy decided
 * @param grouped - the sources with alerts
 * @returns the date of the earliest decision by source
 * @throws BtsbotError `evaluation-invalid` if decisions are of several policies or of sources without alerts
 */
function firedDates(decisions: readonly Decision[], grouped: GroupedAlerts): Map<string, number> {
  const fired = new Map<string, number>();
  for (const [index, { policy, objectId, jd }] of decisions.entries()) {
    if (policy !== decisions[0].policy)
      refuse([invalid(`decisions[${index}].policy`, `all of one policy, ${decisions[0].policy}`, policy)]);
    if (!grouped.sources.has(objectId))
      refuse([invalid(`decisions[${index}].objectId`, "a source with alerts", objectId)]);
    fired.set(objectId, Math.min(jd, fired.get(objectId) ?? Infinity));
  }
  return fired;
}

interface Judged {
  readonly known: KnownSource;
  readonly firedJd: number | undefined;
}

/**
 * {@link evaluateSources} of sources that are selected already.
 *
 * @param fired - when the policy fired, by source
 * @param selection - which sources count
 * @param options - as there
 * @returns as there
 */
export function evaluateSelection(
  fired: ReadonlyMap<string, number>,
  selection: SelectedSources,
  options: Omit<EvaluateSourcesOptions, "exclude">,
): SourceEvaluation {
  const { kept, ...others } = selection;
  const judged = kept.map((known): Judged => ({ known, firedJd: fired.get(known.source.objectId) }));
  const bins = toBins(options.peakEdges ?? PEAK_EDGES, "peakEdges");
  const members: Judged[][] = bins.map(() => []);
  for (const each of judged) members[binOf(bins, each.known.source.peak.magpsf)]?.push(each);
  const positives = judged.filter(({ known }) => known.truth.label === 1);
  const found = positives.filter(({ firedJd }) => firedJd !== undefined);
  return {
    overall: rate(judged),
    byPeak: bins.map((bin, index): PeakBin => ({ ...bin, ...rate(members[index]) })),
    outsideBins: judged.length - members.reduce((sum, { length }) => sum + length, 0),
    truePositives: found.map(toOutcome),
    falsePositives: judged
      .filter(({ known, firedJd }) => known.truth.label === 0 && firedJd !== undefined)
      .map(toOutcome),
    falseNegatives: positives.filter(({ firedJd }) => firedJd === undefined).map(toOutcome),
    saveDelays: delaysOf(found, ({ saveJd }) => saveJd, options.delaysFromJd),
    triggerDelays: delaysOf(found, ({ triggerJd }) => triggerJd, options.delaysFromJd),
    ...others,
  };
}

function rate(judged: readonly Judged[]): SourceRates {
  const count = (label: 0 | 1, picked: boolean): number =>
    judged.filter(({ known, firedJd }) => known.truth.label === label && (firedJd !== undefined) === picked).length;
  return computeRates({
    truePositives: count(1, true),
    falsePositives: count(0, true),
    falseNegatives: count(1, false),
    trueNegatives: count(0, false),
  });
}

function toOutcome({ known: { source, truth }, firedJd }: Judged): SourceOutcome {
  return {
    objectId: source.objectId,
    peakmag: source.peak.magpsf,
    alertCount: source.alerts.length,
    ...(firedJd !== undefined && { firedJd }),
    ...(truth.classification !== undefined && { classification: truth.classification }),
  };
}

function delaysOf(
  found: readonly Judged[],
  timeOf: (truth: SourceTruth) => number | undefined,
  fromJd: number | undefined,
): Delays {
  const acted = found.map(({ known, firedJd }) => ({
    objectId: known.source.objectId,
    firedJd: firedJd!,
    actedJd: timeOf(known.truth),
  }));
  return measureDelays(acted, fromJd);
}
