import type { Problem } from "@btsbot/errors";
import { groupExposures } from "@btsbot/policy";
import type { CountedBy, PolicyAlert } from "@btsbot/policy";
import { invalid, isScore, refuse, withType } from "./invalid.js";

/** The alerts of one source. */
export interface SourceAlerts {
  /** The source's name. */
  readonly objectId: string;
  /** One alert of each exposure by jd and filter, or, where candids count, of each candid by jd; at least one. */
  readonly alerts: readonly PolicyAlert[];
  /** The copies that each of `alerts` stands for, itself first. */
  readonly exposures: readonly (readonly PolicyAlert[])[];
  /** All of them: what policies are shown, which count for themselves. */
  readonly copies: readonly PolicyAlert[];
  /** The brightest of `alerts`, of equal ones the earliest. */
  readonly peak: PolicyAlert;
}

/** Alerts by source. */
export interface GroupedAlerts {
  /** The sources by name, in the order of the names. */
  readonly sources: ReadonlyMap<string, SourceAlerts>;
  /** How many alerts count. */
  readonly alertCount: number;
  /** How many came again, with the same values, and were dropped. */
  readonly duplicates: number;
  /** How many are another copy of what counts, under another candid or with other values, and do not count. */
  readonly copies: number;
}

/**
 * Puts the alerts of each source together, in order of time.
 *
 * An alert may come again with other values, as one that was scored twice does. What counts then is what `stepPolicy` of
 * `@btsbot/policy` counts, so that a backtest and a night decide alike: every version is shown to the policies, and
 * of an exposure one is kept, in the order of `groupExposures`; where candids count, of an id the earliest, then the
 * brightest, then the highest score.
 *
 * @param alerts - alerts of all sources, in any order
 * @param countedBy - what counts as one alert; `exposures` by default
 * @returns the sources; the order of the alerts does not matter
 * @throws BtsbotError `evaluation-invalid` for every alert whose objectId is not a text, whose candid is not a bigint,
 * whose jd or magpsf is not finite, or whose score is there and not a number from 0 to 1, NaN included
 */
export function groupAlerts(alerts: readonly PolicyAlert[], countedBy: CountedBy = "exposures"): GroupedAlerts {
  const bySource = new Map<string, KnownAlerts>();
  const problems: Problem[] = [];
  let distinct = 0;
  for (const [index, alert] of alerts.entries()) {
    const wrong = checkAlert(alert, `alerts[${index}]`);
    if (wrong.length > 0) problems.push(...wrong);
    let known = bySource.get(alert.objectId);
    if (known === undefined) bySource.set(alert.objectId, (known = { byCandid: new Map(), versions: [] }));
    if (addAlert(known, alert)) distinct += 1;
  }
  refuse(problems);
  const names = [...bySource.keys()].sort();
  const sources = new Map(names.map((name) => [name, toSource(name, bySource.get(name)!, countedBy)]));
  const alertCount = [...sources.values()].reduce((sum, source) => sum + source.alerts.length, 0);
  return { sources, alertCount, duplicates: alerts.length - distinct, copies: distinct - alertCount };
}

/** Alerts of one source, each once. */
interface KnownAlerts {
  /** The first to come of each id. */
  readonly byCandid: Map<bigint, PolicyAlert>;
  /** Those that came later under an id that is there, with other values: there are few. */
  readonly versions: PolicyAlert[];
}

/** Whether the alert is new. */
function addAlert({ byCandid, versions }: KnownAlerts, alert: PolicyAlert): boolean {
  const first = byCandid.get(alert.candid);
  if (first === undefined) {
    byCandid.set(alert.candid, alert);
    return true;
  }
  if (isSameAlert(first, alert) || versions.some((each) => isSameAlert(each, alert))) return false;
  versions.push(alert);
  return true;
}

/** Whether two alerts agree in all that policies read. */
function isSameAlert(a: PolicyAlert, b: PolicyAlert): boolean {
  if (a.candid !== b.candid || a.jd !== b.jd || a.magpsf !== b.magpsf || a.score !== b.score || a.fid !== b.fid)
    return false;
  const [fields, others] = [a.fields ?? {}, b.fields ?? {}];
  const names = Object.keys(fields);
  return names.length === Object.keys(others).length && names.every((name) => Object.is(fields[name], others[name]));
}

const NO_PROBLEMS: readonly Problem[] = [];

function checkAlert({ objectId, candid, jd, magpsf, score }: PolicyAlert, path: string): readonly Problem[] {
  const scored = score === undefined || isScore(score);
  const named = typeof objectId === "string" && typeof candid === "bigint";
  if (named && Number.isFinite(jd) && Number.isFinite(magpsf) && scored) return NO_PROBLEMS;
  return [
    ...(typeof objectId === "string" ? [] : [invalid(`${path}.objectId`, "a text", objectId)]),
    ...(typeof candid === "bigint"
      ? []
      : [
          invalid(
            `${path}.candid`,
            "a bigint",
            typeof candid === "number" ? `the number ${String(candid)}` : withType(candid),
          ),
        ]),
    ...(Number.isFinite(jd) ? [] : [invalid(`${path}.jd`, "a Julian date", jd)]),
    ...(Number.isFinite(magpsf) ? [] : [invalid(`${path}.magpsf`, "a finite number", magpsf)]),
    ...(scored ? [] : [invalid(`${path}.score`, "a number from 0 to 1, or none", withType(score))]),
  ];
}

function toSource(objectId: string, { byCandid, versions }: KnownAlerts, countedBy: CountedBy): SourceAlerts {
  const copies = [...byCandid.values(), ...versions].sort(compareAlerts);
  const exposures = countedBy === "exposures" ? groupExposures(copies) : groupCandids(copies);
  const alerts = exposures.map(([kept]) => kept);
  const peak = alerts.reduce((brightest, alert) => (alert.magpsf < brightest.magpsf ? alert : brightest));
  return { objectId, alerts, exposures, copies, peak };
}

/** By date, then id; of versions of one the brightest, then the highest score, first. */
function compareAlerts(a: PolicyAlert, b: PolicyAlert): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  if (a.candid !== b.candid) return a.candid < b.candid ? -1 : 1;
  return a.magpsf - b.magpsf || (b.score ?? -1) - (a.score ?? -1);
}

/** The versions of each id, in the order that they come in. */
function groupCandids(alerts: readonly PolicyAlert[]): PolicyAlert[][] {
  const groups = new Map<bigint, PolicyAlert[]>();
  for (const alert of alerts) {
    const group = groups.get(alert.candid);
    if (group === undefined) groups.set(alert.candid, [alert]);
    else group.push(alert);
  }
  return [...groups.values()];
}
