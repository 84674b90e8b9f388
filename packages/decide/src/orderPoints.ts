import type { StoredPoint } from "@btsbot/alert";
import { groupExposures } from "@btsbot/policy";
import type { HistoryPoint } from "./seams/history.js";

/**
 * Points of a light curve as a history gives them: by date, then filter, those of one exposure together, with all but
 * the first of them marked as copies (`groupExposures` of `@btsbot/policy`). The order of the points does not matter.
 *
 * @param points - of one source
 * @returns every one of them
 *
 * @example
 * ```ts
 * import { orderPoints } from "@btsbot/decide";
 *
 * const points = [{ jd: 2458881, fid: 1, candid: 8n }, { jd: 2458880, fid: 2, candid: 9n }, { jd: 2458881, fid: 1, candid: 7n }];
 * orderPoints(points).map(({ candid, copy }) => [candid, copy]); // => [[9n, undefined], [7n, undefined], [8n, true]]
 * ```
 */
export function orderPoints(points: readonly StoredPoint[]): HistoryPoint[] {
  return groupExposures(points).flatMap((copies) =>
    copies.map((point, place) => (place === 0 ? point : { ...point, copy: true as const })),
  );
}
