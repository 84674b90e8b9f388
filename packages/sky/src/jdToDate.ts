import { MILLISECONDS_A_DAY, UNIX_EPOCH_JD } from "./constants.js";

/**
 * The time of a Julian date, rounded to the millisecond.
 *
 * @param jd - Julian date, days UTC
 * @returns the date; an invalid `Date` if `jd` is not finite or lies outside what a `Date` can hold
 *
 * @example
 * ```ts
 * import { jdToDate } from "@btsbot/sky";
 *
 * jdToDate(2451545).toISOString(); // => "2000-01-01T12:00:00.000Z"
 * ```
 */
export function jdToDate(jd: number): Date {
  return new Date(Math.round((jd - UNIX_EPOCH_JD) * MILLISECONDS_A_DAY));
}
