/** The first pause, ms; each is twice the one before. */
const FIRST_MS = 1000;
/** The longest pause, ms. */
const LONGEST_MS = 60_000;
/** The longest that a server may ask for, ms. */
const MOST_ASKED_MS = 600_000;

/**
 * How long to wait before the next try: what the server asks for (`Retry-After`, seconds or a date), and no less than
 * half of a pause that grows; chance spreads those who were turned away together.
 *
 * @param tried - how often it was tried, from 1
 * @param retryAfter - the header, null where there is none
 * @param now - ms since 1970
 * @param chance - 0 to 1
 * @returns ms
 *
 * @internal
 */
export function retryDelay(tried: number, retryAfter: string | null, now: number, chance: number): number {
  const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** (tried - 1));
  return Math.max(askedFor(retryAfter, now), Math.round(pause * (0.5 + chance / 2)));
}

function askedFor(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? Math.min(ms, MOST_ASKED_MS) : 0;
}
