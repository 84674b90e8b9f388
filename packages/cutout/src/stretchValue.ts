import type { Stretch } from "./types.js";

/**
 * Softening of asinh: the faint end is straight up to a tenth of the range.
 *
 * Source: Lupton et al. 2004, PASP 116, 133.
 */
const ASINH_SCALE = 10;
/** Exponent of SAOImage DS9's log scale. */
const LOG_SCALE = 1000;

const STRETCHES: Readonly<Record<Stretch, (value: number) => number>> = {
  linear: (value) => value,
  asinh: (value) => Math.asinh(ASINH_SCALE * value) / Math.asinh(ASINH_SCALE),
  log: (value) => Math.log1p(LOG_SCALE * value) / Math.log1p(LOG_SCALE),
};

/**
 * Maps 0 to 1 onto itself by a named curve.
 *
 * @internal
 */
export function stretchValue(stretch: Stretch): (value: number) => number {
  if (!Object.hasOwn(STRETCHES, stretch)) {
    throw new RangeError(`stretch: expected ${Object.keys(STRETCHES).join(", ")}, got ${stretch}`);
  }
  return STRETCHES[stretch];
}
