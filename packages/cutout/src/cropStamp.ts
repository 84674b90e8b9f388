import { checkStamp } from "./checkStamp.js";
import { normalizeStamp } from "./normalizeStamp.js";
import type { Stamp } from "./types.js";

/**
 * Keeps the innermost n x n pixels of a stamp and normalises them again.
 *
 * The first row and column kept are floor((side - n) / 2). For the 63 x 63 plane the source's pixel, 31,
 * comes to floor(n / 2): the middle for an odd n, the one after the middle for an even n.
 *
 * Crop the plane that {@link padStamp} gives, as the authors do, so that the source of a stamp from the
 * edge of a CCD stays where the network looks for it.
 *
 * @param stamp - the normalised, padded plane
 * @param n - pixels on a side that stay, 1 to the lesser side of the stamp
 * @returns n x n pixels of norm 1
 * @throws BtsbotError as {@link normalizeStamp}, of the pixels kept; RangeError for another n
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Appendix C; nabeelre/BTSbot, which crops the same way.
 *
 * @example
 * ```ts
 * import { cropStamp } from "@btsbot/cutout";
 *
 * const stamp = { width: 3, height: 3, pixels: new Float32Array([0, 0, 0, 0, 5, 0, 0, 0, 0]) };
 * cropStamp(stamp, 1).pixels; // => new Float32Array([1])
 * cropStamp(stamp, 2).pixels; // => new Float32Array([0, 0, 0, 1])
 * ```
 */
export function cropStamp(stamp: Stamp, n: number): Stamp {
  checkStamp(stamp);
  const { width, height, pixels } = stamp;
  if (!Number.isInteger(n) || n < 1 || n > Math.min(width, height)) {
    throw new RangeError(`n: expected a whole number from 1 to ${Math.min(width, height)}, got ${n}`);
  }
  const left = Math.floor((width - n) / 2);
  const first = Math.floor((height - n) / 2);
  const kept = new Float32Array(n * n);
  for (let row = 0; row < n; row += 1) {
    const start = (first + row) * width + left;
    kept.set(pixels.subarray(start, start + n), row * n);
  }
  return normalizeStamp({ width: n, height: n, pixels: kept });
}
