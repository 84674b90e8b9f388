import type { ExposureAlert } from "./types.js";

/** Whole numbers up to this one are exact as doubles. */
const EXACT = 2n ** 53n;

/**
 * Times of one exposure differ by at most so much, days: a second. Systems write dates through MJD, with 5 to 8 decimals,
 * which moves them by up to half a second. No survey starts two exposures within one: ZTF exposes for 30 s and reads out
 * for 8 (Bellm et al. 2019, PASP 131, 018002), Rubin takes a visit of 30 s in its place.
 */
const SAME_TIME = 1 / 86_400;

/**
 * Whether two alerts of one source belong to one exposure: the same time, to a second, and the same filter. An unknown filter
 * is taken to be the other's, since a camera has only one in its beam.
 *
 * @param a - an alert
 * @param b - another of the same source
 * @returns true if they are
 */
export function isSameExposure(a: ExposureAlert, b: ExposureAlert): boolean {
  return isSameTime(a.jd, b.jd) && (a.fid == null || b.fid == null || a.fid === b.fid);
}

/** Whether two Julian dates are of one exposure. */
export function isSameTime(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= SAME_TIME;
}

/**
 * The order of alerts of one source: by time, to a second, then filter; within an exposure the copy to be kept comes first: one with a score,
 * then one whose id cannot have gone through a double, then the least id, the brightest, the highest score.
 *
 * @param a - an alert
 * @param b - another of the same source
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function compareCopies(a: ExposureAlert, b: ExposureAlert): number {
  if (!isSameTime(a.jd, b.jd)) return a.jd - b.jd;
  const [first, second] = [a.fid ?? Infinity, b.fid ?? Infinity];
  if (first !== second) return first - second;
  return (
    rankScore(a) - rankScore(b) ||
    rankId(a) - rankId(b) ||
    compareIds(a.candid, b.candid) ||
    (a.magpsf ?? Infinity) - (b.magpsf ?? Infinity) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    a.jd - b.jd
  );
}

function rankScore({ score }: ExposureAlert): number {
  return Number.isFinite(score) ? 0 : 1;
}

/**
 * Ids go through doubles in many tables and documents, and come out as what a double holds, or with 17 digits at most and
 * then zeros: such an id may have been another one.
 */
function rankId({ candid }: ExposureAlert): number {
  if (candid == null) return 2;
  if (candid <= EXACT && candid >= -EXACT) return 0;
  return candid % 100n === 0n || BigInt(Number(candid)) === candid ? 1 : 0;
}

function compareIds(a: bigint | null | undefined, b: bigint | null | undefined): number {
  if (a == null || b == null || a === b) return 0;
  return a < b ? -1 : 1;
}
