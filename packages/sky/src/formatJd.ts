import { jdToDate } from "./jdToDate.js";

/** How many characters of `2023-10-03T10:35:02.400Z` each precision keeps. */
const WIDTHS = { day: 10, minute: 16, millisecond: 23 } as const;

/**
 * A Julian date as a person reads it, in UTC.
 *
 * @param jd - Julian date, days UTC
 * @param precision - `day`, `minute` (the default; cut, not rounded) or `millisecond`
 * @returns such as `2023-10-03 10:35`; the number itself, as text, if it is not a date
 *
 * @example
 * ```ts
 * import { formatJd } from "@btsbot/sky";
 *
 * formatJd(2460220.941); // => "2023-10-03 10:35"
 * formatJd(2460220.941, "day"); // => "2023-10-03"
 * formatJd(NaN); // => "NaN"
 * ```
 */
export function formatJd(jd: number, precision: "day" | "minute" | "millisecond" = "minute"): string {
  const date = jdToDate(jd);
  if (Number.isNaN(date.getTime())) return String(jd);
  return date.toISOString().slice(0, WIDTHS[precision]).replace("T", " ");
}
