import { MILLISECONDS_A_DAY, UNIX_EPOCH_JD } from "./constants.js";

/**
 * The Julian date of a time.
 *
 * @param time - a `Date`, or milliseconds since 1970-01-01 0 h UTC
 * @returns Julian date, days UTC, to about 0.04 ms; NaN for an invalid date
 *
 * @example
 * ```ts
 * import { dateToJd } from "@btsbot/sky";
 *
 * dateToJd(new Date("2000-01-01T12:00:00Z")); // => 2451545
 * ```
 */
export function dateToJd(time: Date | number): number {
  return Number(time) / MILLISECONDS_A_DAY + UNIX_EPOCH_JD;
}
