/** Julian date of 2017-01-01 0 h UTC, from which the survey counts its nights. */
const FIRST_NIGHT = 2457754.5;

/**
 * The survey's number of the night in which an alert was taken: `candidate.nid` of its packet, which also
 * begins its candid.
 *
 * It changes at 0 h UTC, which is the afternoon at Palomar, so that no night is cut in two. The Julian day
 * changes at 12 h UTC, before the end of the night there: alerts of one night lie on both sides.
 *
 * Source: ZwickyTransientFacility/ztf-avro-alert, schema/candidate.avsc, `nid`; Rehemtulla et al. 2024, ApJ 972, 7,
 * section 4.2 counts 41 nights in 2460175.5 < JD < 2460216.5 in the same way. Equal to `nid` in all 132 packets on
 * which it was checked.
 *
 * @param jd - Julian date, days UTC
 * @returns days since 2017-01-01 UTC, rounded down
 * @throws RangeError if the date is not finite
 *
 * @example
 * ```ts
 * import { nightOf } from "@btsbot/sky";
 *
 * nightOf(2458881.9954); // => 1127
 * nightOf(2458882.0321); // => 1127
 * ```
 */
export function nightOf(jd: number): number {
  if (!Number.isFinite(jd)) throw new RangeError(`jd: expected a Julian date, days UTC, got ${jd}`);
  return Math.floor(jd - FIRST_NIGHT);
}
