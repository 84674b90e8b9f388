import { quantileOf } from "./quantileOf.js";
import type { Delay, Delays } from "./types/sources.js";

/** Times from here on stand for none (nabeelre/BTSbot, bts_val.py at a70c0d8). */
const NO_TIME = 1e10;
/** 2021-01-01: before it many sources were scanned on another platform, and their times are not reliable (the paper's Section 4.1). */
const FIRST_RELIABLE_JD = 2459215.5;

/** When a policy fired at a source, and when people acted. */
export interface ActedSource {
  /** The source's name. */
  readonly objectId: string;
  /** When the policy fired, Julian date. */
  readonly firedJd: number;
  /** When people acted, Julian date; absent or NaN: not known. */
  readonly actedJd: number | null | undefined;
}

/**
 * Measures delays of a policy against people: when the policy fired less when they acted.
 *
 * @param acted - true positives
 * @param fromJd - times before this do not count
 * @returns the delays, their median over those that are known, and how many are not
 */
export function measureDelays(acted: readonly ActedSource[], fromJd: number = FIRST_RELIABLE_JD): Delays {
  const values: Delay[] = [];
  let unknown = 0;
  let tooEarly = 0;
  for (const { objectId, firedJd, actedJd } of acted) {
    if (actedJd == null || Number.isNaN(actedJd) || actedJd >= NO_TIME) unknown += 1;
    else if (actedJd < fromJd) tooEarly += 1;
    else values.push({ objectId, days: firedJd - actedJd });
  }
  const median = quantileOf(Float64Array.from(values, ({ days }) => days).sort(), 0.5);
  return { values, median, unknown, tooEarly };
}
