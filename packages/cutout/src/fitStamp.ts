import { checkStamp } from "./checkStamp.js";
import type { Stamp } from "./types.js";

/**
 * The innermost n x n pixels of a stamp of any size; where it does not reach, NaN, as if masked there. The first row
 * is floor((height - n) / 2), and the first column likewise: less than 0 for a smaller stamp, which has its middle in the middle.
 *
 * @internal
 */
export function fitStamp(stamp: Stamp, n: number): Stamp {
  checkStamp(stamp);
  const { width, height, pixels } = stamp;
  const [left, top] = [Math.floor((width - n) / 2), Math.floor((height - n) / 2)];
  const kept = new Float32Array(n * n).fill(NaN);
  const [from, to] = [Math.max(0, left), Math.min(width, left + n)];
  for (let row = Math.max(0, top); row < Math.min(height, top + n); row += 1)
    kept.set(pixels.subarray(row * width + from, row * width + to), (row - top) * n + from - left);
  return { width: n, height: n, pixels: kept };
}
