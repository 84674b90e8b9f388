import { BtsbotError, checkArgument } from "@btsbot/errors";
import { checkStamp } from "./checkStamp.js";
import type { Stamp, StampImage } from "./types.js";

/**
 * Turns a stamp about its middle so that it lies as ZTF's do, row 0 the northernmost and column 0 the easternmost, by its place on
 * the sky: pictures of it have north up and east left then. Rubin's stamps lie in any direction.
 *
 * Each pixel is that of the stamp that lies there, the nearest; none is made of several.
 *
 * @param image - an image with `wcs`, as {@link readStampImages} reads it
 * @returns a square as wide as the stamp's longer side, NaN where the stamp does not reach
 * @throws BtsbotError `fits-header-invalid` for an image that does not say how it lies; RangeError if the pixels are not width times height
 *
 * @example
 * ```ts
 * import { turnNorthUp } from "@btsbot/cutout";
 *
 * // Columns run to the west and rows to the north: north is at the bottom.
 * const wcs = { pixel: [1, 1], sky: [55, -32], matrix: [-1 / 18000, 0, 0, 1 / 18000] } as const;
 * turnNorthUp({ width: 2, height: 2, pixels: new Float32Array([1, 2, 3, 4]), wcs }).pixels; // => new Float32Array([3, 4, 1, 2])
 * ```
 */
export function turnNorthUp(image: StampImage): Stamp {
  checkArgument("turnNorthUp", "image", image, "object", ["width", "height", "pixels"]);
  checkStamp(image);
  const { width, height, pixels, wcs } = image;
  const [a, b, c, d] = wcs?.matrix ?? [0, 0, 0, 0];
  const determinant = a * d - b * c;
  if (!(Math.abs(determinant) > 0))
    throw new BtsbotError("fits-header-invalid", "the FITS header does not say how the stamp lies on the sky", {
      expected: "CD1_1 to CD2_2, or PC1_1 to PC2_2 and CDELT1 and 2",
    });
  const step = Math.sqrt(Math.abs(determinant));
  const side = Math.max(width, height);
  const turned = new Float32Array(side * side).fill(NaN);
  for (let index = 0; index < turned.length; index += 1) {
    const north = ((side - 1) / 2 - Math.floor(index / side)) * step;
    const east = ((side - 1) / 2 - (index % side)) * step;
    const column = nearest((width - 1) / 2 + (d * east - b * north) / determinant);
    const row = nearest((height - 1) / 2 + (a * north - c * east) / determinant);
    if (column >= 0 && column < width && row >= 0 && row < height) turned[index] = pixels[row * width + column];
  }
  return { width: side, height: side, pixels: turned };
}

/** What lies between two pixels but for the last digits goes the same way on both sides of the middle. */
function nearest(place: number): number {
  return Math.round(place - 1e-6);
}
