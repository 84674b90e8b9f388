import { DECISION, VERSION } from "@btsbot/core";
import type { ComparedAlert, Comparer } from "@btsbot/core";
import type { ScoredFile } from "../../inputs/scoreInputs.js";
import type { ParityTally } from "./parityTally.js";

/**
 * One alert as lines of JSON, one for each profile, by the contract in docs/formats.md.
 *
 * @internal
 */
export function comparisonLines(
  { model, base: baseProfile }: Comparer,
  { file, index }: Pick<ScoredFile, "file" | "index">,
  alert: ComparedAlert,
): string[] {
  const { objectId, candid, jd, base, others } = alert;
  return others.map(({ profile, outcome, score, shift, differences, reasons }) =>
    JSON.stringify({
      file,
      index,
      objectId,
      candid: String(candid),
      jd,
      model: model.definition.name,
      base: baseProfile,
      profile,
      outcome,
      baseScore: base.score,
      score,
      shift,
      differences,
      ...(base.reasons.length > 0 && { baseReasons: base.reasons }),
      ...(reasons.length > 0 && { reasons }),
    }),
  );
}

/**
 * The last line.
 *
 * @internal
 */
export function summaryLine(
  { model: { definition, sha256, definitionSha256 }, base }: Comparer,
  { alerts, unreadable, profiles }: ParityTally,
): string {
  const sums = profiles.map(
    ({ profile, outcomes, largestShift, features }) =>
      [profile, { ...outcomes, largestShift, features: Object.fromEntries(features) }] as const,
  );
  return JSON.stringify({
    summary: {
      model: definition.name,
      version: definition.version,
      weightsSha256: sha256,
      definitionSha256,
      library: VERSION,
      base,
      decision: DECISION,
      alerts,
      unreadable,
      profiles: Object.fromEntries(sums),
    },
  });
}
