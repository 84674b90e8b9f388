import { dateToJd, formatJd, JULIAN_DATES } from "@btsbot/sky";

/** `2016-03-01 12:34:56.789`, or with a decimal day, `2016-03-01.234`. */
const DATE = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)|(\.\d+))?$/;

/**
 * Reads a date as TNS takes it: UTC date and time, a date with a decimal day, or JD.
 *
 * @param value - the date
 * @returns JD, or undefined if it is not a date
 */
export function readTnsDate(value: unknown): number | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const jd = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  if (jd >= JULIAN_DATES[0] && jd < JULIAN_DATES[1]) return jd;
  const [, day, time = "00:00:00", fraction = "0"] = DATE.exec(String(value)) ?? [];
  if (day === undefined) return undefined;
  const start = Date.parse(`${day}T${time}Z`);
  // The engine rolls the 31st of a short month over.
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return undefined;
  return dateToJd(start) + Number(fraction);
}

/**
 * Writes a date as TNS takes it.
 *
 * @param jd - JD, days UTC
 * @returns UTC to the millisecond, such as `2023-10-03 10:35:02.400`
 */
export function writeTnsDate(jd: number): string {
  return formatJd(jd, "millisecond");
}
