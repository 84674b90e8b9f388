import { BtsbotError } from "@btsbot/errors";
import { checkStamp } from "./checkStamp.js";
import { PAD_VALUE, STAMP_SIZE } from "./constants.js";
import type { Stamp, StampPadding } from "./types.js";

/**
 * Fills a stamp up to 63 x 63 as the training set's were: 1e-9 after the last column and the last row
 * (the higher ones of the array), whichever side of the CCD cut it off. Comes after {@link normalizeStamp}.
 *
 * `centered` is BOOM's way: ceil((63 - n) / 2) columns before the first and rows above the first, all padding 0.
 * BOOM pads before it normalises, which zeros do not tell apart.
 *
 * @param stamp - at most 63 pixels on a side, at least 1
 * @param padding - `corner` by default
 * @returns 63 x 63 pixels
 * @throws BtsbotError `stamp-size` if it is larger, or has no pixels; RangeError if the pixels are not
 * width times height
 *
 * Source: nabeelre/BTSbot, the triplet maker of the training set; boom-astro/boom 8ebd463d, src/utils/fits.rs.
 *
 * @example
 * ```ts
 * import { padStamp } from "@btsbot/cutout";
 *
 * const padded = padStamp({ width: 63, height: 62, pixels: new Float32Array(63 * 62) });
 * padded.pixels.at(-1); // => Math.fround(1e-9)
 * ```
 */
export function padStamp(stamp: Stamp, padding: StampPadding = "corner"): Stamp {
  checkStamp(stamp);
  const { width, height, pixels } = stamp;
  if (width > STAMP_SIZE || height > STAMP_SIZE || pixels.length === 0) {
    throw new BtsbotError("stamp-size", "the stamp cannot fill the network's input", {
      expected: `1 to ${STAMP_SIZE} pixels on a side`,
      got: `${width} x ${height}`,
    });
  }
  if (width === STAMP_SIZE && height === STAMP_SIZE) return { width, height, pixels: new Float32Array(pixels) };
  const centered = padding === "centered";
  const left = centered ? Math.ceil((STAMP_SIZE - width) / 2) : 0;
  const top = centered ? Math.ceil((STAMP_SIZE - height) / 2) : 0;
  const padded = new Float32Array(STAMP_SIZE * STAMP_SIZE).fill(centered ? 0 : PAD_VALUE);
  for (let row = 0; row < height; row += 1) {
    padded.set(pixels.subarray(row * width, (row + 1) * width), (top + row) * STAMP_SIZE + left);
  }
  return { width: STAMP_SIZE, height: STAMP_SIZE, pixels: padded };
}
