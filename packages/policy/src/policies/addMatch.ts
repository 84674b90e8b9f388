import { compareCopies, isSameExposure } from "../exposures/compareCopies.js";
import type { CountedBy } from "../exposures/types.js";
import type { PolicyAlert } from "../types.js";
import type { PolicyMatch } from "./types.js";

/**
 * Puts an alert among the earliest that fulfil a requirement. The result depends on the set of alerts
 * alone, not on their order: of two copies that count as one the lesser by {@link compareMatches} stays.
 *
 * @param matches - the earliest so far, in order
 * @param count - how many are kept
 * @param alert - an alert that fulfils the requirement
 * @param countedBy - what counts as one
 * @returns the earliest now; the same array where the alert changes nothing
 */
export function addMatch(
  matches: readonly PolicyMatch[],
  count: number,
  alert: PolicyAlert,
  countedBy: CountedBy = "exposures",
): readonly PolicyMatch[] {
  const match = toMatch(alert);
  const known = matches.find((each) =>
    countedBy === "candids" ? each.candid === match.candid : isSameExposure(withId(each), withId(match)),
  );
  const rival = known ?? (matches.length < count ? undefined : matches[matches.length - 1]);
  if (rival !== undefined && compareMatches(rival, match, countedBy) <= 0) return matches;
  return [...matches.filter((each) => each !== rival), match].sort((a, b) => compareMatches(a, b, countedBy));
}

/**
 * The order of alerts: by date; then, of exposures, by filter and as {@link compareCopies} ranks copies; of candids, by id,
 * and versions of one by magnitude, then the higher score first.
 *
 * @param a - an alert
 * @param b - another
 * @param countedBy - what counts as one
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function compareMatches(a: PolicyMatch, b: PolicyMatch, countedBy: CountedBy = "exposures"): number {
  if (countedBy === "exposures") return compareCopies(withId(a), withId(b));
  if (a.jd !== b.jd) return a.jd - b.jd;
  if (a.candid !== b.candid) return BigInt(a.candid) < BigInt(b.candid) ? -1 : 1;
  return a.magpsf - b.magpsf || (b.score ?? -1) - (a.score ?? -1);
}

function withId(match: PolicyMatch): Omit<PolicyMatch, "candid"> & { readonly candid: bigint } {
  return { ...match, candid: BigInt(match.candid) };
}

function toMatch({ candid, jd, magpsf, score, fid }: PolicyAlert): PolicyMatch {
  // What is not a number would not come back from JSON.
  return {
    candid: String(candid),
    jd,
    magpsf,
    ...(score !== undefined && Number.isFinite(score) && { score }),
    ...(fid !== undefined && Number.isFinite(fid) && { fid }),
  };
}
