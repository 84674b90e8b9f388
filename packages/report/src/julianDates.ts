/** Julian date of 1970-01-01 00:00 UTC. */
const UNIX_EPOCH_JD = 2440587.5;
const MILLISECONDS_A_DAY = 86_400_000;

/** A Julian date, days UTC, as a date. */
export function toDate(jd: number): Date {
  return new Date(Math.round((jd - UNIX_EPOCH_JD) * MILLISECONDS_A_DAY));
}

/** A Julian date as UT to the minute, `2023-10-03 10:35`. */
export function formatDate(jd: number): string {
  return toDate(jd).toISOString().slice(0, 16).replace("T", " ");
}
