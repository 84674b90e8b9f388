import { DEFAULT_PLANES } from "@btsbot/cutout";
import type { Stamps } from "@btsbot/cutout";
import { dateToJd, formatJd, JULIAN_DATES } from "@btsbot/sky";
import { InvalidArgumentError, Option } from "commander";
import { MAX_BATCH } from "./scoreInputs.js";

/**
 * An option that may come again.
 *
 * @internal
 */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/**
 * Alerts in a batch: a whole number from 1 to the most that there is room for.
 *
 * @internal
 */
export function parseBatch(value: string): number {
  const count = /^[1-9]\d{0,8}$/.test(value) ? Number(value) : NaN;
  if (!(count <= MAX_BATCH)) throw new InvalidArgumentError(`A whole number from 1 to ${MAX_BATCH} is needed.`);
  return count;
}

/** More threads than any machine has cores are a slip of the finger. */
const MAX_JOBS = 1024;

/**
 * Threads that score: a whole number, 1 or more.
 *
 * @internal
 */
export function parseJobs(value: string): number {
  const count = /^[1-9]\d{0,4}$/.test(value) ? Number(value) : NaN;
  if (!(count <= MAX_JOBS)) throw new InvalidArgumentError(`A whole number from 1 to ${MAX_JOBS} is needed.`);
  return count;
}

/**
 * A whole number, 0 or more.
 *
 * @internal
 */
export function parseIndex(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("A whole number, 0 or more, is needed.");
  return Number(value);
}

/**
 * A tolerance: a number, 0 or more.
 *
 * @internal
 */
export function parseTolerance(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError("A number, 0 or more, is needed, such as 1e-5.");
  return number;
}

/**
 * A moment: a Julian date, or a date or time as ISO 8601 has it, UTC unless it says otherwise.
 *
 * @returns JD, days UTC
 *
 * @internal
 */
export function parseMoment(value: string): number {
  const isIso = /^\d{4}-\d{2}-\d{2}/.test(value);
  const hasZone = /(Z|[-+]\d{2}:?\d{2})$/i.test(value.slice(10));
  // Without a zone, Date would take a time for one of this machine.
  const jd = isIso ? dateToJd(new Date(value.length <= 10 || hasZone ? value : `${value}Z`)) : Number(value);
  const isDay = !isIso || isDayOfCalendar(value.slice(0, 10));
  if (value.trim() !== "" && isDay && jd >= JULIAN_DATES[0] && jd < JULIAN_DATES[1]) return jd;
  const [first, last] = JULIAN_DATES;
  throw new InvalidArgumentError(
    `A UTC time from ${formatJd(first, "day")} to ${formatJd(last, "day")} is needed: a Julian date from ${first} to ${last}, or such as 2026-11-30 or 2026-11-30T04:00.`,
  );
}

/** Date rolls the 30th of February over. */
function isDayOfCalendar(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/**
 * The option that says how alerts are counted.
 *
 * @internal
 */
export function countedByOption(): Option {
  return new Option(
    "--counted-by <what>",
    "exposures: one alert of a source, time and filter; candids: each id (default: as each policy says)",
  ).choices(["exposures", "candids"]);
}

/**
 * A fraction: a number from 0 to 1.
 *
 * @internal
 */
export function parseFraction(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError("A number from 0 to 1 is needed.");
  return number;
}

/**
 * An amount: a number, 0 or more.
 *
 * @internal
 */
export function parseAmount(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0 && number < Infinity))
    throw new InvalidArgumentError("A number, 0 or more, is needed.");
  return number;
}

/**
 * Names with commas between them.
 *
 * @internal
 */
export function parseNames(value: string): string[] {
  const names = value.split(",").map((name) => name.trim());
  if (names.some((name) => name === "") || new Set(names).size < names.length)
    throw new InvalidArgumentError("Different names, separated by commas, are needed.");
  return names;
}

/**
 * Stamps, with commas between: each once, in the order in which a network reads them.
 *
 * @internal
 */
export function parsePlanes(value: string): (keyof Stamps)[] {
  const names = parseNames(value) as (keyof Stamps)[];
  if (!names.every((name) => DEFAULT_PLANES.includes(name)))
    throw new InvalidArgumentError(`Some of ${DEFAULT_PLANES.join(", ")} are needed.`);
  return names;
}
