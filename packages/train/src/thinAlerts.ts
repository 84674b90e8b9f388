import { hashKeys } from "@btsbot/chance";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { TrainingAlert, Split } from "./types.js";

/** The paper's N_max. */
const DEFAULT_MAX = 100;

/**
 * Classes of which the latest alerts are kept: the paper's query `vars` (AGN, cataclysmic variables,
 * quasars), and variable stars under the names that truth tables have for them.
 */
export const LATEST_CLASSES: readonly string[] = [
  "AGN",
  "QSO",
  "CV",
  "Nova",
  "VarStar",
  "VS",
  "RR Lyrae",
  "Eclipsing binary",
  "Long-period variable",
  "Young star",
];

/** Options of {@link thinAlerts}. */
export interface ThinOptions {
  /** Alerts that a source may have, N_max; 100 by default, Infinity for no limit. */
  readonly max?: number;
  /** Classes of which the latest alerts are kept; {@link LATEST_CLASSES} by default. */
  readonly latest?: readonly string[];
  /** What the choice by chance follows from; 0 by default. */
  readonly seed?: number;
}

/** The names of {@link ThinOptions}. */
const THIN_OPTIONS: OptionNames<ThinOptions> = { max: "number", latest: "list", seed: "number" };

/**
 * Leaves at most N_max alerts of a source, so that sources that live long are not all that a network
 * sees. Three rules:
 *
 * 1. In `train`, of transients and rejected sources, N_max alerts by chance, uniformly.
 * 2. In every part, of long-lived variables the latest N_max: what they look like today.
 * 3. In `validation` and `test`, all other sources keep all alerts, so that completeness and purity are
 *    measured on what a scanner would see.
 *
 * @param alerts - alerts of one part
 * @param split - which part
 * @param options - N_max, and which classes are long-lived
 * @returns the alerts that are left, in their order; the same whatever the order of the others
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 2 (N_max = 100, Table 3).
 *
 * @example
 * ```ts
 * import { thinAlerts } from "@btsbot/train";
 *
 * const good = { objectId: "ZTF18aaaaaaa", fid: 1, positive: true, hasPs1: true, hasFeatures: true, hasImage: true, label: 0, teacher: null };
 * const alerts = [1, 3, 2].map((day, row) => ({ ...good, row, candid: `${day}`, jd: 2458880 + day, className: "AGN" }));
 * thinAlerts(alerts, "test", { max: 2 }).map(({ candid }) => candid); // => ["3", "2"]
 * ```
 */
export function thinAlerts(alerts: readonly TrainingAlert[], split: Split, options: ThinOptions = {}): TrainingAlert[] {
  checkOptions("thinAlerts", options, THIN_OPTIONS);
  checkArgument("thinAlerts", "alerts", alerts, "list");
  const { max = DEFAULT_MAX, latest = LATEST_CLASSES, seed = 0 } = options;
  const bySource = new Map<string, TrainingAlert[]>();
  for (const alert of alerts) {
    const known = bySource.get(alert.objectId);
    if (known === undefined) bySource.set(alert.objectId, [alert]);
    else known.push(alert);
  }
  const kept = new Set<TrainingAlert>();
  for (const own of bySource.values()) {
    const isLatest = own.some(({ className }) => className !== null && latest.includes(className));
    const limit = split === "train" || isLatest ? max : Infinity;
    for (const alert of own.length <= limit ? own : choose(own, limit, isLatest, seed)) kept.add(alert);
  }
  return alerts.filter((alert) => kept.has(alert));
}

/** The first so many by date, latest first, or by lot; equal ones by their row. */
function choose(alerts: readonly TrainingAlert[], limit: number, isLatest: boolean, seed: number): TrainingAlert[] {
  const rank = ({ objectId, candid, jd }: TrainingAlert): number =>
    isLatest ? -jd : hashKeys(seed, "thin", objectId, candid, `${jd}`);
  return alerts
    .map((alert) => [rank(alert), alert] as const)
    .sort(([a, first], [b, second]) => a - b || first.row - second.row)
    .slice(0, limit)
    .map(([, alert]) => alert);
}
