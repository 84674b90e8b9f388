import { ratio } from "./invalid.js";
import { nightOf } from "@btsbot/sky";
import { quantileOf } from "./quantileOf.js";
import type { NightlyRequests } from "./types/backtest.js";

/**
 * Counts what a policy asked for, night by night.
 *
 * @param firedDates - Julian dates at which it fired
 * @param nids - nights that have alerts, rising; those of `firedDates` among them
 * @returns the counts
 */
export function countRequests(firedDates: Iterable<number>, nids: readonly number[]): NightlyRequests {
  const counts = new Map(nids.map((nid) => [nid, 0]));
  for (const jd of firedDates) counts.set(nightOf(jd), counts.get(nightOf(jd))! + 1);
  const sorted = Float64Array.from(counts.values()).sort();
  const total = sorted.reduce((sum, count) => sum + count, 0);
  return {
    nights: [...counts].map(([nid, requests]) => ({ nid, requests })),
    total,
    mean: ratio(total, sorted.length),
    median: quantileOf(sorted, 0.5),
    max: sorted.at(-1),
  };
}
