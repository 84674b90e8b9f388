import { leapSeconds, SECONDS_A_DAY } from "./leapSeconds.js";

/**
 * The Julian date in international atomic time of one in UTC: the way back of {@link taiToUtc}.
 *
 * @param jd - Julian date, days UTC
 * @returns Julian date, days TAI, to the 40 microseconds that a double has there: 37 s more since 2017, 10 s more before
 * July 1972; what is not a number gives NaN
 *
 * Source: the leap seconds of IERS, Bulletin C.
 *
 * @example
 * ```ts
 * import { dateToJd, utcToTai } from "@btsbot/sky";
 *
 * const tai = utcToTai(dateToJd(new Date("2023-02-24T23:59:23Z")));
 * (tai - 2400000.5).toFixed(6); // => "60000.000000"
 * ```
 */
export function utcToTai(jd: number): number {
  return jd + leapSeconds(jd, false) / SECONDS_A_DAY;
}
