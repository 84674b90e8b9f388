/**
 * Julian date at which modified Julian dates begin: 1858-11-17, 0 h.
 *
 * @example
 * ```ts
 * import { MJD_EPOCH_JD } from "@btsbot/sky";
 *
 * 60000 + MJD_EPOCH_JD; // => 2460000.5
 * ```
 */
export const MJD_EPOCH_JD = 2400000.5;

/**
 * What is taken for a Julian date, of the years 1858 to 2132: the first, and the first that is not. A modified Julian date,
 * or milliseconds, would be another century.
 *
 * @example
 * ```ts
 * import { formatJd, JULIAN_DATES } from "@btsbot/sky";
 *
 * JULIAN_DATES.map((jd) => formatJd(jd, "day")); // => ["1858-11-17", "2132-08-31"]
 * ```
 */
export const JULIAN_DATES = [MJD_EPOCH_JD, 2500000] as const;
