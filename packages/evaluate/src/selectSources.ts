import type { Problem } from "@btsbot/errors";
import type { GroupedAlerts, SourceAlerts } from "./groupAlerts.js";
import { invalid, refuse, withType } from "./invalid.js";
import type { Exclusion, ExclusionName, ExclusionOptions, SourceTruth } from "./types/sources.js";

/** Fewest alerts of a source that counts: with one alone bts_p1 can never fire (the paper's Section 4.1). */
const MIN_ALERTS = 2;
/** Faintest peak of a positive source, mag: positives are those that peak at 18.5 or brighter (the paper's Section 2). */
const FAINTEST_POSITIVE = 18.5;

/** A source that counts. */
export interface KnownSource {
  /** Its alerts. */
  readonly source: SourceAlerts;
  /** What is known of it. */
  readonly truth: SourceTruth;
}

/** Which sources count, and why the others do not. */
export interface SelectedSources {
  /** Those that count, by name. */
  readonly kept: readonly KnownSource[];
  /** What each rule that is on left out. */
  readonly excluded: readonly Exclusion[];
  /** Sources that the truth does not know. */
  readonly withoutTruth: readonly string[];
  /** Sources of the truth without alerts. */
  readonly withoutAlerts: readonly string[];
}

/**
 * Checks a table of truth.
 *
 * @param truth - a row a source
 * @returns the rows by name
 * @throws BtsbotError `evaluation-invalid` for every label that is neither 0 nor 1 and every source that comes twice
 */
export function indexTruth(truth: readonly SourceTruth[]): Map<string, SourceTruth> {
  const found = new Map<string, SourceTruth>();
  const problems: Problem[] = [];
  for (const [index, row] of truth.entries()) {
    if (row.label !== 0 && row.label !== 1)
      problems.push(invalid(`truth[${index}].label`, "0 or 1", withType(row.label)));
    if (found.has(row.objectId)) problems.push(invalid(`truth[${index}].objectId`, "each source once", row.objectId));
    found.set(row.objectId, row);
  }
  refuse(problems);
  return found;
}

/**
 * Decides which sources count for completeness and purity.
 *
 * @param grouped - sources with their alerts
 * @param truth - what is known of sources
 * @param options - which rules are on
 * @returns every source of either, in one place
 */
export function selectSources(
  grouped: Pick<GroupedAlerts, "sources">,
  truth: ReadonlyMap<string, SourceTruth>,
  options: ExclusionOptions = {},
): SelectedSources {
  const rules = activeRules(options);
  const excluded = new Map<ExclusionName, string[]>(rules.map(([rule]) => [rule, []]));
  const kept: KnownSource[] = [];
  const withoutTruth: string[] = [];
  for (const [objectId, source] of grouped.sources) {
    const row = truth.get(objectId);
    if (row === undefined) {
      withoutTruth.push(objectId);
      continue;
    }
    const known = { source, truth: row };
    const [rule] = rules.find(([, leavesOut]) => leavesOut(known)) ?? [];
    if (rule === undefined) kept.push(known);
    else excluded.get(rule)!.push(objectId);
  }
  return {
    kept,
    excluded: [...excluded].map(([rule, objectIds]) => ({ rule, objectIds })),
    withoutTruth,
    withoutAlerts: [...truth.keys()].filter((objectId) => !grouped.sources.has(objectId)).sort(),
  };
}

type ExclusionRule = readonly [ExclusionName, (known: KnownSource) => boolean];

function activeRules(options: ExclusionOptions): ExclusionRule[] {
  const { junk = true, minAlerts = MIN_ALERTS, faintestPositive = FAINTEST_POSITIVE, sample } = options;
  if (!Number.isSafeInteger(minAlerts) || minAlerts < 0)
    refuse([invalid("exclude.minAlerts", "an integer, 0 or more", minAlerts)]);
  if (faintestPositive !== null && !Number.isFinite(faintestPositive)) {
    refuse([invalid("exclude.faintestPositive", "a magnitude, or null", faintestPositive)]);
  }
  const rules: ExclusionRule[] = [];
  if (sample !== undefined) rules.push(["outside-sample", ({ source }) => !sample.has(source.objectId)]);
  if (junk) rules.push(["junk", ({ truth }) => truth.junk === true]);
  if (minAlerts > 0) rules.push(["few-alerts", ({ source }) => source.alerts.length < minAlerts]);
  if (faintestPositive !== null) {
    rules.push(["peak-thinned", ({ source, truth }) => truth.label === 1 && source.peak.magpsf > faintestPositive]);
  }
  return rules;
}
