import type { ExposureAlert } from "./types.js";

/** Whole numbers up to this one are exact as doubles. */
const EXACT = 2n ** 53n;

/**
 * Whether two alerts of one source belong to one exposure: the same time, to the bit, and the same filter. An unknown filter
 * is taken to be the other's, since a camera has only one in its beam.
 *
 * @param a - an alert
 * @param b - another of the same source
 * @returns true if they are
 */
export function isSameExposure(a: ExposureAlert, b: ExposureAlert): boolean {
  return a.jd === b.jd && (a.fid == null || b.fid == null || a.fid === b.fid);
}

/**
 * The order of alerts of one source: by time, then filter; within an exposure the copy to be kept comes first: one with a score,
 * then one whose id cannot have gone through a double, then the least id, the brightest, the highest score.
 *
 * @param a - an alert
 * @param b - another of the same source
 * @returns negative if `a` comes first, 0 if they are equal
 */
export function compareCopies(a: ExposureAlert, b: ExposureAlert): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  const [first, second] = [a.fid ?? Infinity, b.fid ?? Infinity];
  if (first !== second) return first - second;
  return (
    rankScore(a) - rankScore(b) ||
    rankId(a) - rankId(b) ||
    compareIds(a.candid, b.candid) ||
    (a.magpsf ?? Infinity) - (b.magpsf ?? Infinity) ||
    (b.score ?? -1) - (a.score ?? -1) ||
    0
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
