import type { Random } from "@btsbot/chance";

/** Counts of an even distribution in space: N(<m) grows as 10^0.6m, in e-folds a magnitude. */
const GROWTH = 0.6 * Math.LN10;
/**
 * What is classified of all that peaks at a magnitude: half of it at the first number, e-folds of the odds in the
 * second. Perley et al. 2020 (ApJ 904, 35) classify 97 % of what peaks brighter than 18.0 mag, 93 % brighter than 18.5
 * and 75 % brighter than 19.0; under the counts above that is 89 % at 18.25 and 57 % at 18.75.
 */
const CLASSIFIED = { half: 18.83, scale: 0.276 };
/** Nothing peaks brighter than this: one of a thousand would. */
const BRIGHTEST = 13.5;

/**
 * Draws a transient's peak magnitude: counts of an even distribution in space, times the part of them that the
 * survey classifies. Both are smooth, so that nothing happens at 18.5 mag but what a cut there makes.
 *
 * @internal
 */
export function drawPeak(random: Random): number {
  const { half, scale } = CLASSIFIED;
  // The density lies below two exponentials that meet at the half: drawn from those, and kept by their ratio.
  const falling = 1 / scale - GROWTH;
  for (;;) {
    const isFaint = random.chance(GROWTH / (GROWTH + falling));
    const away = -Math.log(random()) / (isFaint ? falling : GROWTH);
    const mag = isFaint ? half + away : half - away;
    if (random.chance(1 / (1 + Math.exp(-away / scale))) && mag > BRIGHTEST) return mag;
  }
}

/**
 * How often a peak magnitude is drawn, up to a factor.
 *
 * @internal
 */
export function peakDensity(mag: number): number {
  const { half, scale } = CLASSIFIED;
  return mag > BRIGHTEST ? Math.exp(GROWTH * (mag - half)) / (1 + Math.exp((mag - half) / scale)) : 0;
}
