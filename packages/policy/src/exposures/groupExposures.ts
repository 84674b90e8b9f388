import { compareCopies, isSameExposure, isSameTime } from "./compareCopies.js";
import type { ExposureAlert } from "./types.js";

/**
 * Groups the alerts, or the points of a light curve, of one source by exposure: time and filter. An unknown filter is
 * taken to be the first one of its time.
 *
 * @param alerts - of one source, in any order
 * @returns the exposures by time, then filter; in each its copies, the one to be kept first: one with a score, then one
 * whose id cannot have gone through a double, then the least id, the brightest, the highest score. The order of the
 * alerts does not matter
 *
 * @example
 * ```ts
 * import { groupExposures } from "@btsbot/policy";
 *
 * const exact = { candid: 1127495406315015005n, jd: 2458881.9954051, fid: 1 };
 * const rounded = { ...exact, candid: 1127495406315015000n };
 * groupExposures([rounded, { candid: 3n, jd: 2458882.9, fid: 2 }, exact]).map((copies) => copies.map(({ candid }) => candid));
 * // => [[1127495406315015005n, 1127495406315015000n], [3n]]
 * ```
 */
export function groupExposures<T extends ExposureAlert>(alerts: readonly T[]): T[][] {
  return groupTimes(alerts).flatMap((copies) => {
    const exposures: T[][] = [];
    for (const alert of copies.sort(compareCopies)) {
      const known = exposures.find(([copy]) => isSameExposure(copy, alert));
      if (known === undefined) exposures.push([alert]);
      else known.push(alert);
    }
    return exposures;
  });
}

/** Alerts of one time: to be near is not transitive, so that they are put in order by their bits first. */
function groupTimes<T extends ExposureAlert>(alerts: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const alert of [...alerts].sort((a, b) => a.jd - b.jd)) {
    const group = groups.at(-1);
    if (group !== undefined && isSameTime(group[0].jd, alert.jd)) group.push(alert);
    else groups.push([alert]);
  }
  return groups;
}

/**
 * One alert, or point of a light curve, of each exposure, as {@link groupExposures} groups them: what is counted. Features see
 * all of them.
 *
 * @param alerts - of one source, in any order
 * @returns those that are kept, by time, then filter
 *
 * @example
 * ```ts
 * import { onePerExposure } from "@btsbot/policy";
 *
 * const points = [{ jd: 2458881.9, fid: 1, candid: 7n }, { jd: 2458881.9, fid: 1, candid: 8n }, { jd: 2458881.9, fid: 2, candid: 9n }];
 * onePerExposure(points).map(({ candid }) => candid); // => [7n, 9n]
 * ```
 */
export function onePerExposure<T extends ExposureAlert>(alerts: readonly T[]): T[] {
  return groupExposures(alerts).map(([kept]) => kept);
}
