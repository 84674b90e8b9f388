import type { Problem } from "@btsbot/errors";
import { groupExposures } from "@btsbot/policy";
import type { CountedBy, PolicyAlert } from "@btsbot/policy";
import { invalid, isScore, refuse, withType } from "./invalid.js";

/** The alerts of one source. */
export interface SourceAlerts {
  /** The source's name. */
  readonly objectId: string;
  /** One alert of each exposure by jd and filter, or, where candids count, each candid by jd; at least one. */
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
  /** How many came again, by candid, and were dropped. */
  readonly duplicates: number;
  /** How many are another copy of an exposure, under another candid, and do not count. */
  readonly copies: number;
}

/**
 * Puts the alerts of each source together, in order of time.
 *
 * @param alerts - alerts of all sources, in any order
 * @param countedBy - what counts as one alert; `exposures` by default
 * @returns the sources; the order of the alerts does not matter
 * @throws BtsbotError `evaluation-invalid` for every alert whose objectId is no text, whose candid is no bigint, whose jd or magpsf is not finite, whose score is there and
 * no number from 0 to 1, NaN included, or whose candid came before with another jd, magpsf or score
 */
export function groupAlerts(alerts: readonly PolicyAlert[], countedBy: CountedBy = "exposures"): GroupedAlerts {
  const bySource = new Map<string, Map<bigint, PolicyAlert>>();
  const problems: Problem[] = [];
  let candids = 0;
  for (const [index, alert] of alerts.entries()) {
    let known = bySource.get(alert.objectId);
    if (known === undefined) bySource.set(alert.objectId, (known = new Map<bigint, PolicyAlert>()));
    const before = known.get(alert.candid);
    problems.push(...checkAlert(alert, before, `alerts[${index}]`));
    if (before !== undefined) continue;
    known.set(alert.candid, alert);
    candids += 1;
  }
  refuse(problems);
  const names = [...bySource.keys()].sort();
  const sources = new Map(names.map((name) => [name, toSource(name, bySource.get(name)!, countedBy)]));
  const alertCount = [...sources.values()].reduce((sum, source) => sum + source.alerts.length, 0);
  return { sources, alertCount, duplicates: alerts.length - candids, copies: candids - alertCount };
}

const NO_PROBLEMS: readonly Problem[] = [];

function checkAlert(
  { objectId, candid, jd, magpsf, score }: PolicyAlert,
  before: PolicyAlert | undefined,
  path: string,
): readonly Problem[] {
  const scored = score === undefined || isScore(score);
  const repeated = before === undefined || (before.jd === jd && before.magpsf === magpsf && before.score === score);
  const named = typeof objectId === "string" && typeof candid === "bigint";
  if (named && Number.isFinite(jd) && Number.isFinite(magpsf) && scored && repeated) return NO_PROBLEMS;
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
    ...(repeated ? [] : [invalid(`${path}.candid`, "each candid with one jd, magpsf and score", candid)]),
  ];
}

function toSource(objectId: string, byCandid: ReadonlyMap<bigint, PolicyAlert>, countedBy: CountedBy): SourceAlerts {
  const copies = [...byCandid.values()].sort((a, b) => a.jd - b.jd || (a.candid < b.candid ? -1 : 1));
  const exposures = countedBy === "exposures" ? groupExposures(copies) : copies.map((alert) => [alert]);
  const alerts = exposures.map(([kept]) => kept);
  const peak = alerts.reduce((brightest, alert) => (alert.magpsf < brightest.magpsf ? alert : brightest));
  return { objectId, alerts, exposures, copies, peak };
}
