import type { PolicyAlert } from "../types.js";
import type { PolicyMatch } from "./types.js";

/**
 * Puts an alert among the earliest that fulfil a requirement. The result depends on the set of alerts
 * alone, not on their order: of two versions of one candid the lesser by {@link compareMatches} stays.
 *
 * @param matches - the earliest so far, in order
 * @param count - how many are kept
 * @param alert - an alert that fulfils the requirement
 * @returns the earliest now; the same array where the alert changes nothing
 */
export function addMatch(matches: readonly PolicyMatch[], count: number, alert: PolicyAlert): readonly PolicyMatch[] {
  const match = toMatch(alert);
  const known = matches.find(({ candid }) => candid === match.candid);
  const rival = known ?? (matches.length < count ? undefined : matches[matches.length - 1]);
  if (rival !== undefined && compareMatches(rival, match) <= 0) return matches;
  return [...matches.filter((each) => each !== rival), match].sort(compareMatches);
}

/**
 * The order of alerts: by date, then candid; versions of one candid by magnitude, then the higher score first.
 *
 * @param a - an alert
 * @param b - another
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function compareMatches(a: PolicyMatch, b: PolicyMatch): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  if (a.candid !== b.candid) return BigInt(a.candid) < BigInt(b.candid) ? -1 : 1;
  return a.magpsf - b.magpsf || (b.score ?? -1) - (a.score ?? -1);
}

function toMatch({ candid, jd, magpsf, score }: PolicyAlert): PolicyMatch {
  // What is no number would not come back from JSON.
  return { candid: String(candid), jd, magpsf, ...(score !== undefined && Number.isFinite(score) && { score }) };
}
