import { BtsbotError } from "@btsbot/errors";
import { checkStamp } from "./checkStamp.js";
import { STAMP_SIZE } from "./constants.js";
import type { Stamp } from "./types.js";

/**
 * Keeps the innermost n x n pixels of a whole stamp and brings them to 0 to 1: the least becomes 0, the
 * greatest 1, and masked pixels (NaN) become 0 after that. Where all pixels kept have one value, all
 * become 0. The range is taken of the pixels kept, in float64.
 *
 * The first row and column kept are floor((63 - n) / 2): 21 for n = 21.
 *
 * @param stamp - pixels as stored, 63 x 63: ALeRCE scores no others
 * @param n - pixels on a side that stay, 1 to 63
 * @returns n x n pixels between 0 and 1, all finite
 * @throws BtsbotError `stamp-size` for a size other than 63 x 63, `stamp-infinite` if a pixel of the
 * whole stamp is infinite, `stamp-all-nan` if every pixel kept is masked (the authors' code makes a
 * plane of zeros of it, as if it had been seen); RangeError for another n
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, section 3.1; alercebroker/pipeline,
 * stamp_classifier_step/model, which takes NaN to 0 last, where the paper has it first.
 *
 * @example
 * ```ts
 * import { scaleStamp } from "@btsbot/cutout";
 *
 * const pixels = new Float32Array(3969).fill(100);
 * pixels[31 * 63 + 31] = 500;
 * pixels[31 * 63 + 32] = 300;
 * const { pixels: scaled } = scaleStamp({ width: 63, height: 63, pixels }, 3);
 * scaled; // => new Float32Array([0, 0, 0, 0, 1, 0.5, 0, 0, 0])
 * ```
 */
export function scaleStamp(stamp: Stamp, n: number): Stamp {
  checkStamp(stamp);
  if (!Number.isInteger(n) || n < 1 || n > STAMP_SIZE) {
    throw new RangeError(`n: expected a whole number from 1 to ${STAMP_SIZE}, got ${n}`);
  }
  checkWhole(stamp);
  const first = Math.floor((STAMP_SIZE - n) / 2);
  const kept = new Float32Array(n * n);
  for (let row = 0; row < n; row += 1) {
    const start = (first + row) * STAMP_SIZE + first;
    kept.set(stamp.pixels.subarray(start, start + n), row * n);
  }
  return { width: n, height: n, pixels: scalePixels({ width: n, height: n, pixels: kept }) };
}

/**
 * The same, of all pixels of an image, in place.
 *
 * @internal
 */
export function scalePixels({ width, height, pixels }: Stamp): Float32Array {
  checkFinite(pixels);
  const [least, greatest] = findRange(pixels);
  if (least > greatest)
    throw new BtsbotError("stamp-all-nan", "every pixel that is kept is masked (NaN)", {
      got: `${width} x ${height} pixels`,
    });
  const range = greatest - least;
  for (let index = 0; index < pixels.length; index += 1) {
    // NaN where the pixel is masked; 0 / 0 where all have one value.
    const value = (pixels[index] - least) / range;
    pixels[index] = value !== value ? 0 : value;
  }
  return pixels;
}

function checkWhole({ width, height, pixels }: Stamp): void {
  if (width !== STAMP_SIZE || height !== STAMP_SIZE) {
    throw new BtsbotError("stamp-size", "only whole stamps are scored", {
      expected: `${STAMP_SIZE} x ${STAMP_SIZE}`,
      got: `${width} x ${height}`,
    });
  }
  checkFinite(pixels);
}

function checkFinite(pixels: Float32Array): void {
  const infinite = pixels.reduce((count, value) => count + (Math.abs(value) === Infinity ? 1 : 0), 0);
  if (infinite > 0) {
    throw new BtsbotError("stamp-infinite", "the stamp holds infinite pixels", {
      got: `${infinite} of ${pixels.length} pixels`,
    });
  }
}

/** The least and the greatest pixel, masked ones aside; the least above the greatest where all are masked. */
function findRange(pixels: Float32Array): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}
