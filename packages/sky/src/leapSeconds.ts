/** TAI minus UTC before the first step of a whole second: what is older than 1972 had UTC at other rates. */
const FIRST_OFFSET = 10;

/**
 * Julian dates (UTC, 0h) from which TAI minus UTC is a second more: 11 s from the first one, 37 s from the last. There has
 * been none since 2017; a new one is announced half a year ahead in Bulletin C.
 *
 * Source: IERS, Bulletin C, and its list "UTC-TAI.history" (https://hpiers.obspm.fr/eoppc/bul/bulc/UTC-TAI.history).
 */
const STEPS: readonly number[] = [
  2441499.5, 2441683.5, 2442048.5, 2442413.5, 2442778.5, 2443144.5, 2443509.5, 2443874.5, 2444239.5, 2444786.5,
  2445151.5, 2445516.5, 2446247.5, 2447161.5, 2447892.5, 2448257.5, 2448804.5, 2449169.5, 2449534.5, 2450083.5,
  2450630.5, 2451179.5, 2453736.5, 2454832.5, 2456109.5, 2457204.5, 2457754.5,
];

/** Seconds of a day. */
export const SECONDS_A_DAY = 86_400;

/**
 * TAI minus UTC, whole seconds, at a Julian date.
 *
 * @param jd - in UTC; in TAI if `isTai`
 */
export function leapSeconds(jd: number, isTai: boolean): number {
  // From the last, as nearly all dates lie after it.
  for (let index = STEPS.length - 1; index >= 0; index -= 1) {
    const offset = FIRST_OFFSET + index + 1;
    if (jd >= STEPS[index] + (isTai ? offset / SECONDS_A_DAY : 0)) return offset;
  }
  return FIRST_OFFSET;
}
