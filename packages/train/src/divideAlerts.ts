import { BtsbotError } from "@btsbot/errors";
import type { ModelOutput } from "@btsbot/model";
import { assignSplit } from "./assignSplit.js";
import { cleanAlerts } from "./cleanAlerts.js";
import type { CutCount } from "./cleanAlerts.js";
import { thinAlerts } from "./thinAlerts.js";
import type { TrainConfig } from "./trainConfig.js";
import type { TrainingAlert, Split } from "./types.js";
import { weighClasses } from "./weighClasses.js";

/** How many sources and alerts of a class a part has. */
export interface PartCount {
  /** The part. */
  readonly part: Split;
  /** The class, as the tables name it; where they do not, the label. */
  readonly class: string;
  /** Sources. */
  readonly sources: number;
  /** Alerts after the cuts, before thinning. */
  readonly cleaned: number;
  /** Alerts after thinning. */
  readonly alerts: number;
}

/** Alerts in their parts, and the counts of all that was done to them. */
export interface DividedAlerts {
  /** The alerts of each part, cleaned and thinned. */
  readonly parts: Readonly<Record<Split, readonly TrainingAlert[]>>;
  /** The weight of each class in the loss. */
  readonly classWeights: readonly number[];
  /** Alerts and sources before the cuts. */
  readonly given: {
    /** Alerts. */
    readonly alerts: number;
    /** Sources. */
    readonly sources: number;
  };
  /** What each cut removed. */
  readonly cuts: readonly CutCount[];
  /** What each part has. */
  readonly counts: readonly PartCount[];
}

const SPLITS: readonly Split[] = ["train", "validation", "test"];

/**
 * Cuts, division by source, thinning, class weights: from all alerts to those of each part.
 *
 * @throws BtsbotError `training-set-empty` if nothing is left to train or to validate with, or only one class
 * @internal
 */
export function divideAlerts(
  alerts: readonly TrainingAlert[],
  output: ModelOutput,
  {
    cuts,
    exclude,
    splitSeed,
    thinning,
    classWeights,
    fit,
  }: Pick<TrainConfig, "cuts" | "exclude" | "splitSeed" | "thinning" | "classWeights" | "fit">,
): DividedAlerts {
  const cleaned = cleanAlerts(alerts, { cuts, exclude });
  const whole: Record<Split, TrainingAlert[]> = { train: [], validation: [], test: [] };
  for (const alert of cleaned.kept) whole[assignSplit(alert.objectId, splitSeed)].push(alert);
  const thin = (split: Split) => thinAlerts(whole[split], split, { ...thinning, seed: fit.seed });
  const parts = { train: thin("train"), validation: thin("validation"), test: thin("test") };
  for (const part of ["train", "validation"] as const) {
    if (parts[part].length > 0) continue;
    throw new BtsbotError("training-set-empty", "no alert is left in this part after the cuts", {
      path: part,
      got: describeCuts(cleaned.counts),
    });
  }
  if (new Set(parts.train.map(({ label }) => label)).size < 2) {
    throw new BtsbotError("training-set-empty", "the alerts to train with are all of one class", {
      path: "train",
      got: `label ${parts.train[0].label}`,
    });
  }
  const classes = output.kind === "score" ? 2 : output.classes.length;
  return {
    parts,
    classWeights:
      classWeights === "none" ? new Array<number>(classes).fill(1) : weighClasses(parts.train, classes, classWeights),
    given: { alerts: alerts.length, sources: new Set(alerts.map(({ objectId }) => objectId)).size },
    cuts: cleaned.counts,
    counts: SPLITS.flatMap((part) => countPart(part, whole[part], parts[part])),
  };
}

function countPart(part: Split, whole: readonly TrainingAlert[], thinned: readonly TrainingAlert[]): PartCount[] {
  const nameOf = ({ className, label }: TrainingAlert): string => className ?? `label ${label}`;
  const count = (alerts: readonly TrainingAlert[], name: string): TrainingAlert[] =>
    alerts.filter((alert) => nameOf(alert) === name);
  return [...new Set(whole.map(nameOf))].sort().map((name) => {
    const own = count(whole, name);
    return {
      part,
      class: name,
      sources: new Set(own.map(({ objectId }) => objectId)).size,
      cleaned: own.length,
      alerts: count(thinned, name).length,
    };
  });
}

function describeCuts(counts: readonly CutCount[]): string {
  return counts.flatMap(({ cut, alerts }) => (alerts > 0 ? [`${cut} ${alerts}`] : [])).join(", ") || "no alerts at all";
}
