import { computeZscale } from "./computeZscale.js";
import type { Interval, Stamp } from "./types.js";

/**
 * The pixel values that become black and white; NaN for a stamp without finite pixels.
 *
 * @internal
 */
export function findLimits(stamp: Stamp, interval: Interval): [low: number, high: number] {
  if (interval === "zscale") return computeZscale(stamp);
  const percentage = interval === "minmax" ? 100 : interval;
  if (!(percentage > 0 && percentage <= 100)) {
    throw new RangeError(`interval: expected "zscale", "minmax" or a percentage above 0, got ${interval}`);
  }
  const sorted = stamp.pixels.filter((value) => Number.isFinite(value)).sort();
  const tail = (1 - percentage / 100) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

/** Linear between the two nearest ranks. */
function quantile(sorted: Float32Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}
