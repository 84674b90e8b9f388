import type { Stamp, StampStats } from "./types.js";

/**
 * Measures what is in a stamp: its size, its masked and infinite pixels, its norm and its range.
 *
 * @param stamp - pixels as stored, any size
 * @returns the numbers; what a stamp without finite pixels does not have is NaN
 *
 * @example
 * ```ts
 * import { measureStamp } from "@btsbot/cutout";
 *
 * const { nanCount, norm, median } = measureStamp({ width: 3, height: 1, pixels: new Float32Array([3, NaN, 4]) });
 * [nanCount, norm, median]; // => [1, 5, 3.5]
 * ```
 */
export function measureStamp({ width, height, pixels }: Stamp): StampStats {
  let squares = 0;
  let nanCount = 0;
  for (const value of pixels) {
    if (Number.isNaN(value)) nanCount += 1;
    else squares += value * value;
  }
  const finite = pixels.filter((value) => Number.isFinite(value)).sort();
  const { length } = finite;
  return {
    width,
    height,
    nanCount,
    infiniteCount: pixels.length - nanCount - length,
    norm: Math.sqrt(squares),
    min: length === 0 ? NaN : finite[0],
    max: length === 0 ? NaN : finite[length - 1],
    median: length === 0 ? NaN : (finite[(length - 1) >> 1] + finite[length >> 1]) / 2,
  };
}
