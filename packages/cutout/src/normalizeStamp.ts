import { BtsbotError } from "@btsbot/errors";
import type { Stamp } from "./types.js";

/**
 * Normalises a stamp as the training set's were: masked pixels (NaN) become 0, then every pixel is
 * divided by the Euclidean norm of the whole. The norm is summed in float64.
 *
 * @param stamp - pixels as stored, any size
 * @returns pixels between -1 and 1, all finite, of norm 1
 * @throws BtsbotError, for stamps that the training set's rule would have made NaN or all 0:
 * `stamp-infinite`, `stamp-all-nan`, `stamp-all-zero`; `stamp-size` for one without pixels
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1; nabeelre/BTSbot, the triplet maker.
 *
 * @example
 * ```ts
 * import { normalizeStamp } from "@btsbot/cutout";
 *
 * normalizeStamp({ width: 3, height: 1, pixels: new Float32Array([3, NaN, -4]) }).pixels; // => new Float32Array([0.6, 0, -0.8])
 * ```
 */
export function normalizeStamp({ width, height, pixels }: Stamp): Stamp {
  const normalized = new Float32Array(pixels.length);
  normalizeInto(pixels, normalized, 0, 1);
  return { width, height, pixels: normalized };
}

/**
 * The same, of pixels alone, written `step` numbers apart.
 *
 * @internal
 */
export function normalizeInto(pixels: Float32Array, target: Float32Array, first: number, step: number): void {
  const norm = findNorm(pixels);
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index];
    target[first + index * step] = value !== value ? 0 : value / norm;
  }
}

function findNorm(pixels: Float32Array): number {
  let squares = 0;
  let masked = 0;
  // Counted loops: over typed arrays they run twice as fast as for-of.
  for (let index = 0; index < pixels.length; index += 1) {
    const value = pixels[index];
    // Only NaN differs from itself.
    if (value !== value) masked += 1;
    else squares += value * value;
  }
  if (squares === 0) throw emptyError(pixels.length, masked);
  // Squares of finite float32 numbers do not overflow float64.
  if (squares === Infinity) throw infiniteError(pixels);
  return Math.sqrt(squares);
}

function emptyError(count: number, masked: number): BtsbotError {
  if (count === 0) return new BtsbotError("stamp-size", "the stamp has no pixels");
  if (masked === count)
    return new BtsbotError("stamp-all-nan", "every pixel is masked (NaN)", { got: `${count} pixels` });
  return new BtsbotError("stamp-all-zero", "every unmasked pixel is 0", { got: `${count - masked} pixels` });
}

function infiniteError(pixels: Float32Array): BtsbotError {
  const count = pixels.reduce((sum, value) => sum + (Math.abs(value) === Infinity ? 1 : 0), 0);
  return new BtsbotError("stamp-infinite", "the stamp holds infinite pixels", {
    got: `${count} of ${pixels.length} pixels`,
  });
}
