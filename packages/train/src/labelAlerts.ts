import { BtsbotError } from "@btsbot/errors";
import type { ModelOutput } from "@btsbot/model";
import type { CandidateAlert } from "./readCandidates.js";
import type { SourceLabel } from "./readSourceLabels.js";
import type { TrainingAlert } from "./types.js";

/** Names that a message tells. */
const MOST_NAMED = 5;

/**
 * Where the truth about alerts comes from.
 *
 * @internal
 */
export interface LabelOptions {
  /** Where the alerts come from, for errors. */
  readonly path: string;
  /** What the network gives: a score, or classes. */
  readonly output: ModelOutput;
  /** The truth by source, and its file; without it the alerts bring their labels. */
  readonly truth?: { readonly path: string; readonly sources: ReadonlyMap<string, SourceLabel> };
  /** The network's class by the class of the truth, where they differ. */
  readonly classes?: Readonly<Record<string, string>>;
  /** The teacher's scores by candid. */
  readonly teacher?: ReadonlyMap<string, number>;
}

/**
 * Gives alerts their labels.
 *
 * @throws BtsbotError `source-unknown` if the truth names sources without alerts, or leaves out some that
 * have; `label-invalid` where there is no label, or a class that the network does not have
 * @internal
 */
export function labelAlerts(alerts: readonly CandidateAlert[], options: LabelOptions): TrainingAlert[] {
  const { truth, teacher } = options;
  if (truth !== undefined) checkSources(alerts, truth, options.path);
  return alerts.map((alert) => {
    const own = truth?.sources.get(alert.objectId) ?? alert;
    const className = own.className ?? alert.className;
    const score = alert.teacher ?? teacher?.get(alert.candid) ?? null;
    return { ...alert, className, teacher: score, label: toLabel(own.label, className, alert.objectId, options) };
  });
}

function checkSources(
  alerts: readonly CandidateAlert[],
  { path, sources }: NonNullable<LabelOptions["truth"]>,
  where: string,
): void {
  const seen = new Set(alerts.map(({ objectId }) => objectId));
  const unknown = [...sources.keys()].filter((objectId) => !seen.has(objectId));
  if (unknown.length > 0) {
    throw new BtsbotError("source-unknown", "the truth table names sources that have no alerts", {
      path,
      expected: `sources of ${where}`,
      got: name(unknown),
    });
  }
  const untold = [...seen].filter((objectId) => !sources.has(objectId));
  if (untold.length > 0) {
    throw new BtsbotError("source-unknown", "the truth table leaves out sources that have alerts", {
      path: where,
      expected: `sources of ${path}`,
      got: name(untold),
    });
  }
}

function name(sources: readonly string[]): string {
  const more = sources.length - MOST_NAMED;
  return `${sources.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function toLabel(
  label: 0 | 1 | null,
  className: string | null,
  objectId: string,
  { path, output, classes, truth }: LabelOptions,
): number {
  const where = `${truth?.path ?? path}, ${objectId}`;
  if (output.kind === "score") {
    if (label !== null) return label;
    throw new BtsbotError("label-invalid", "there is no label", {
      path: where,
      expected: "0 or 1 in a column label",
      got: className ?? "nothing",
    });
  }
  const own = className === null ? undefined : (classes?.[className] ?? className);
  const place = own === undefined ? -1 : output.classes.indexOf(own);
  if (place >= 0) return place;
  throw new BtsbotError("label-invalid", "the class is not one of the network's", {
    path: where,
    expected: output.classes.join(", "),
    got: own ?? "nothing",
  });
}
