import { countOf } from "@btsbot/errors";
import { createRandom } from "@btsbot/chance";

/** Science, template, difference. */
const DEFAULT_PLANES = 3;

/**
 * Turns and flips images by chance: each by 0, 90, 180 or 270 degrees, then from left to right and from
 * top to bottom or not, all equally likely; the planes together. What a stamp shows does not
 * depend on which way is up, and a network that sees all ways learns that.
 *
 * @param pixels - images of size x size x planes values, one after another; not changed
 * @param size - pixels on a side
 * @param seed - what the chance follows from, any whole number
 * @param planes - planes of an image; 3 by default
 * @returns the images, turned and flipped
 * @throws RangeError if the pixels are not whole images
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1.
 *
 * @example
 * ```ts
 * import { augmentTriplets } from "@btsbot/train";
 *
 * const image = Float32Array.from({ length: 2 * 2 * 3 }, (_, place) => place);
 * augmentTriplets(image, 2, 1).toSorted(); // => image
 * ```
 */
export function augmentTriplets(
  pixels: Float32Array,
  size: number,
  seed: number,
  planes = DEFAULT_PLANES,
): Float32Array {
  const length = size * size * planes;
  if (pixels.length % length !== 0)
    throw new RangeError(`pixels: expected images of ${length} values, got ${countOf(pixels.length, "value")}`);
  const turned = new Float32Array(pixels.length);
  const random = createRandom(seed, "augment");
  for (let start = 0; start < pixels.length; start += length) {
    const way = Math.floor(random() * 16);
    transform(pixels.subarray(start, start + length), turned.subarray(start, start + length), { size, planes, way });
  }
  return turned;
}

/** Two bits of quarter turns (counter-clockwise, row 0 at the top), one to flip columns, one to flip rows. */
function transform(
  from: Float32Array,
  to: Float32Array,
  { size, planes, way }: { readonly size: number; readonly planes: number; readonly way: number },
): void {
  const last = size - 1;
  const turns = way & 3;
  for (let row = 0, place = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1, place += planes) {
      const y = way & 8 ? last - row : row;
      const x = way & 4 ? last - column : column;
      const [sourceRow, sourceColumn] =
        turns === 0 ? [y, x] : turns === 1 ? [x, last - y] : turns === 2 ? [last - y, last - x] : [last - x, y];
      const source = (sourceRow * size + sourceColumn) * planes;
      for (let plane = 0; plane < planes; plane += 1) to[place + plane] = from[source + plane];
    }
  }
}
