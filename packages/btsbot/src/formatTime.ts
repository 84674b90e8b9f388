/** Julian date of 1970-01-01 00:00 UTC. */
const UNIX_EPOCH_JD = 2440587.5;
const MILLISECONDS_A_DAY = 86_400_000;

/**
 * A Julian date as UT, `2020-01-31 04:33`; shorter widths keep the date. What is no date comes as the number.
 *
 * @internal
 */
export function formatTime(jd: number, width = 16): string {
  const time = new Date(Math.round((jd - UNIX_EPOCH_JD) * MILLISECONDS_A_DAY));
  if (Number.isNaN(time.getTime())) return String(jd);
  return time
    .toISOString()
    .slice(0, width >= 16 ? 16 : 10)
    .replace("T", " ");
}
