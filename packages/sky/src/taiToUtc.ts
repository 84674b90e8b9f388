import { leapSeconds, SECONDS_A_DAY } from "./leapSeconds.js";

/**
 * The Julian date in UTC of one in international atomic time, in which Rubin's alerts have theirs.
 *
 * @param jd - Julian date, days TAI
 * @returns Julian date, days UTC, to the 40 microseconds that a double has there: 37 s less since 2017, 10 s less before
 * July 1972. A leap second itself has the date of the first second after it; what is not a number gives NaN
 *
 * Source: the leap seconds of IERS, Bulletin C.
 *
 * @example
 * ```ts
 * import { jdToDate, taiToUtc } from "@btsbot/sky";
 *
 * jdToDate(taiToUtc(60000 + 2400000.5)).toISOString(); // => "2023-02-24T23:59:23.000Z"
 * ```
 */
export function taiToUtc(jd: number): number {
  return jd - leapSeconds(jd, true) / SECONDS_A_DAY;
}
