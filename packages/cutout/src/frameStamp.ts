import { MAX_SIDE } from "./constants.js";
import { ZTF_STAMPS } from "./surveys/ztf.js";
import type { Stamp, StampPlace } from "./types.js";

/**
 * Half a side of the least square that has the source in its middle pixel and holds all stamps: 31, or more for larger ones.
 *
 * @throws RangeError for a place that is not a pixel
 *
 * @internal
 */
export function findHalfSide({ row, column }: StampPlace, stamps: readonly Stamp[]): number {
  const isPlace = (place: number): boolean => Number.isInteger(place) && place >= 0 && place < MAX_SIDE;
  if (!isPlace(row) || !isPlace(column))
    throw new RangeError(`source: expected a row and a column from 0 to ${MAX_SIDE - 1}, got ${row} and ${column}`);
  const after = stamps.flatMap(({ width, height }) => [width - 1 - column, height - 1 - row]);
  return Math.max(ZTF_STAMPS.middle, row, column, ...after);
}

/**
 * A stamp in a square with the source in its middle pixel, NaN where the stamp does not reach.
 *
 * @internal
 */
export function frameStamp({ width, height, pixels }: Stamp, source: StampPlace, half: number): Stamp {
  const side = 2 * half + 1;
  const framed = new Float32Array(side * side).fill(NaN);
  const first = (half - source.row) * side + half - source.column;
  for (let row = 0; row < height; row += 1)
    framed.set(pixels.subarray(row * width, (row + 1) * width), first + row * side);
  return { width: side, height: side, pixels: framed };
}
