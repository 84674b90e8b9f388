import { MAX_SIDE } from "./constants.js";
import { ZTF_STAMPS } from "./surveys/ztf.js";
import type { Stamp, StampPlace } from "./types.js";

/**
 * Half a side of the least square that has the source in its middle pixel and holds all stamps: half of `side`, 31 by default, or more
 * for larger ones.
 *
 * @throws RangeError for a place that is not a pixel, and for an even side
 *
 * @internal
 */
export function findHalfSide(
  { row, column }: StampPlace,
  stamps: readonly Stamp[],
  side = 2 * ZTF_STAMPS.middle + 1,
): number {
  if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE || side % 2 === 0)
    throw new RangeError(`side: expected an odd number of pixels from 1 to ${MAX_SIDE}, got ${side}`);
  const isPlace = (place: number): boolean => Number.isInteger(place) && place >= 0 && place < MAX_SIDE;
  if (!isPlace(row) || !isPlace(column))
    throw new RangeError(`source: expected a row and a column from 0 to ${MAX_SIDE - 1}, got ${row} and ${column}`);
  const after = stamps.flatMap(({ width, height }) => [width - 1 - column, height - 1 - row]);
  return Math.max((side - 1) / 2, row, column, ...after);
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
