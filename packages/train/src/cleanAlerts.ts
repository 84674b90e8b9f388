import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { TrainingAlert } from "./types.js";

/** A reason to leave an alert out of a training set. */
export type Cut =
  | "corrupt-stamp"
  | "ambiguous-label"
  | "excluded-source"
  | "i-band"
  | "negative-difference"
  | "ps1-absent"
  | "feature-missing";

/**
 * The cuts in the order in which they are made; an alert is counted for the first that removes it.
 *
 * - `corrupt-stamp`: a stamp is absent, damaged, all NaN or all 0.
 * - `ambiguous-label`: alerts of the source have different labels.
 * - `excluded-source`: the source is on the list given, such as those in the reference image.
 * - `i-band`: the survey's public part observes in g and r only.
 * - `negative-difference`: science minus template is negative, or nothing says that it is positive.
 * - `ps1-absent`: one of sgscore1, distpsnr1, sgscore2, distpsnr2 is -999.
 * - `feature-missing`: a feature of the network's profile is absent or not finite.
 */
export const CUTS: readonly Cut[] = [
  "corrupt-stamp",
  "ambiguous-label",
  "excluded-source",
  "i-band",
  "negative-difference",
  "ps1-absent",
  "feature-missing",
];

/** Without these the network cannot read the alert. */
const NEEDED: readonly Cut[] = ["corrupt-stamp", "feature-missing"];

/** Filter id of i. */
const I_BAND = 3;

/** Options of {@link cleanAlerts}. */
export interface CleanOptions {
  /** The cuts to make; all of {@link CUTS} by default. What cannot be read is cut in any case. */
  readonly cuts?: readonly Cut[];
  /** Sources to leave out; none by default. */
  readonly exclude?: readonly string[];
}

/** The names of {@link CleanOptions}. */
const CLEAN_OPTIONS: OptionNames<CleanOptions> = { cuts: "list", exclude: "list" };

/** What one cut removed. */
export interface CutCount {
  /** The cut. */
  readonly cut: Cut;
  /** Alerts removed. */
  readonly alerts: number;
  /** Sources that lost alerts. */
  readonly sources: number;
}

/** What is left, and what was removed by what. */
export interface CleanedAlerts {
  /** The alerts that are left, in their order. */
  readonly kept: readonly TrainingAlert[];
  /** What each cut removed, in the order of {@link CUTS}. */
  readonly counts: readonly CutCount[];
}

/**
 * Leaves out the alerts that a training set does not want, and counts them by reason.
 *
 * @param alerts - the alerts
 * @param options - which cuts, and which sources to leave out
 * @returns the alerts that are left, and the counts
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 2 and the note of Table 1. The paper removes an
 * alert with -999 in any of the four PS1 fields; its public code only one with both scores -999.
 *
 * @example
 * ```ts
 * import { cleanAlerts } from "@btsbot/train";
 *
 * const good = { objectId: "ZTF20aajcdad", candid: "1", jd: 2458881, fid: 1, positive: true, hasPs1: true, hasFeatures: true, hasImage: true };
 * const alerts = [{ ...good, row: 0, label: 1, className: null, teacher: null }, { ...good, fid: 3, row: 1, label: 1, className: null, teacher: null }];
 * const { kept, counts } = cleanAlerts(alerts);
 * kept.length; // => 1
 * counts.find(({ alerts }) => alerts > 0); // => { cut: "i-band", alerts: 1, sources: 1 }
 * ```
 */
export function cleanAlerts(alerts: readonly TrainingAlert[], options: CleanOptions = {}): CleanedAlerts {
  checkOptions("cleanAlerts", options, CLEAN_OPTIONS);
  checkArgument("cleanAlerts", "alerts", alerts, "list");
  const { cuts = CUTS, exclude = [] } = options;
  const excluded = new Set(exclude);
  const ambiguous = findAmbiguous(alerts);
  const removes: Readonly<Record<Cut, (alert: TrainingAlert) => boolean>> = {
    "corrupt-stamp": ({ hasImage }) => !hasImage,
    "ambiguous-label": ({ objectId }) => ambiguous.has(objectId),
    "excluded-source": ({ objectId }) => excluded.has(objectId),
    "i-band": ({ fid }) => fid === I_BAND,
    "negative-difference": ({ positive }) => positive !== true,
    "ps1-absent": ({ hasPs1 }) => !hasPs1,
    "feature-missing": ({ hasFeatures }) => !hasFeatures,
  };
  const made = CUTS.filter((cut) => NEEDED.includes(cut) || cuts.includes(cut));
  const removed = new Map(CUTS.map((cut) => [cut, { alerts: 0, sources: new Set<string>() }]));
  const kept = alerts.filter((alert) => {
    const cut = made.find((name) => removes[name](alert));
    if (cut === undefined) return true;
    const count = removed.get(cut)!;
    count.alerts += 1;
    count.sources.add(alert.objectId);
    return false;
  });
  return {
    kept,
    counts: [...removed].map(([cut, { alerts: count, sources }]) => ({ cut, alerts: count, sources: sources.size })),
  };
}

/** Sources of which some alerts say one thing and some another. */
function findAmbiguous(alerts: readonly TrainingAlert[]): Set<string> {
  const labels = new Map<string, number>();
  const ambiguous = new Set<string>();
  for (const { objectId, label } of alerts) {
    if ((labels.get(objectId) ?? label) !== label) ambiguous.add(objectId);
    labels.set(objectId, label);
  }
  return ambiguous;
}
