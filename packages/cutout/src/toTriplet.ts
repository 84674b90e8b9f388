import { BtsbotError, toSafe } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { atPath } from "./atPath.js";
import { IMPOSSIBLE_PIXEL, LEAST_FLOAT32, LEAST_SIDE, STAMP_SIZE } from "./constants.js";
import { cropStamp } from "./cropStamp.js";
import { normalizeInto, normalizeStamp } from "./normalizeStamp.js";
import { padStamp } from "./padStamp.js";
import { scaleStamp } from "./scaleStamp.js";
import type { ImagePreprocessing, Stamp, StampPadding, Stamps, Triplet } from "./types.js";

/** BTSbot's: 63 x 63, each plane divided by its Euclidean norm. */
export const DEFAULT_PREPROCESSING: ImagePreprocessing = { normalization: "l2", size: STAMP_SIZE };

/**
 * Makes a network's image input of the three stamps, then interleaved: for `l2` each one normalised,
 * padded, and cropped where the model wants fewer than 63 pixels; for `minmax` as {@link scaleStamp}.
 *
 * @param stamps - the three stamps, pixels as stored
 * @param preprocessing - how the model wants them; {@link DEFAULT_PREPROCESSING} by default
 * @returns (size, size, 3) values between -1 and 1 (`minmax`: 0 and 1), all finite: row, column, then science, template,
 * difference; row 0 is the stamps' row 0
 * @throws BtsbotError with the problems of all three at once, each with the stamp's field as its path:
 * `stamp-size` (for `l2` under 32 or over 63 pixels on a side), `stamp-infinite`, `stamp-impossible` (beyond 1e9 DN),
 * `stamp-all-nan`, `stamp-all-zero`; RangeError for a size
 * outside 1 to 63 or another normalization
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, section 3.1 and Appendix C; for `minmax` see {@link scaleStamp}.
 *
 * @example
 * ```ts
 * import { toTriplet } from "@btsbot/cutout";
 *
 * const stamp = { width: 63, height: 63, pixels: new Float32Array(3969).fill(7) };
 * const triplet = toTriplet({ science: stamp, template: stamp, difference: stamp });
 * triplet.pixels.length; // => 63 * 63 * 3
 * triplet.pixels[0]; // => Math.fround(1 / 63)
 * ```
 */
export function toTriplet(stamps: Stamps, preprocessing: ImagePreprocessing = DEFAULT_PREPROCESSING): Triplet {
  const { normalization, size } = preprocessing;
  const padding = preprocessing.normalization === "l2" ? preprocessing.padding : undefined;
  const writePlane = PLANES[normalization] as WritePlane | undefined;
  // Models are data that somebody wrote: a name unknown here must not pass for one that is known.
  if (writePlane === undefined)
    throw new RangeError(`normalization: expected ${Object.keys(PLANES).join(" or ")}, got ${normalization}`);
  const pixels = new Float32Array(size * size * 3);
  const problems: Problem[] = [];
  const planes = [
    ["cutoutScience", stamps.science],
    ["cutoutTemplate", stamps.template],
    ["cutoutDifference", stamps.difference],
  ] as const;
  planes.forEach(([path, stamp], channel) => {
    const result = toSafe(() => {
      atPath(path, () => {
        checkValues(stamp);
        writePlane(stamp, size, padding, pixels, channel);
      });
    });
    if (!result.success) problems.push(...result.error.problems);
  });
  if (problems.length > 0) throw new BtsbotError(problems);
  return { size, pixels };
}

type WritePlane = (
  stamp: Stamp,
  size: number,
  padding: StampPadding | undefined,
  pixels: Float32Array,
  channel: number,
) => void;

/** By the name of the normalization, what makes a channel of size x size pixels of a stamp. */
const PLANES: Readonly<Record<ImagePreprocessing["normalization"], WritePlane>> = {
  l2: (stamp, size, padding, pixels, channel) => {
    // A whole stamp that is wanted whole, as nearly all are: nothing lies between its pixels and the triplet's.
    if (size === STAMP_SIZE && isWhole(stamp)) return normalizeInto(stamp.pixels, pixels, channel, 3);
    checkSides(stamp);
    const plane = padStamp(normalizeStamp(stamp), padding);
    interleave((size === STAMP_SIZE ? plane : cropStamp(plane, size)).pixels, pixels, channel);
  },
  minmax: (stamp, size, _, pixels, channel) => {
    interleave(scaleStamp(stamp, size).pixels, pixels, channel);
  },
};

/** Refuses what the survey cannot have cut: padding would make most of such a stamp. */
function checkSides({ width, height }: Stamp): void {
  if (Math.min(width, height) >= LEAST_SIDE) return;
  throw new BtsbotError("stamp-size", "the survey cuts no stamp so small", {
    expected: `${LEAST_SIDE} to ${STAMP_SIZE} pixels on a side`,
    got: `${width} x ${height}`,
  });
}

/** Refuses numbers that no image holds; infinity has an error of its own, and the least float32 stands for NaN. */
function checkValues({ pixels }: Stamp): void {
  let count = 0;
  for (let index = 0; index < pixels.length; index += 1) {
    const size = Math.abs(pixels[index]);
    if (size > IMPOSSIBLE_PIXEL && size < Infinity && pixels[index] !== LEAST_FLOAT32) count += 1;
  }
  if (count === 0) return;
  throw new BtsbotError("stamp-impossible", "the stamp holds pixels that no image can have", {
    expected: `at most ${IMPOSSIBLE_PIXEL} DN`,
    got: `${count} of ${pixels.length} pixels beyond`,
    hint: "The bytes of the image may be in another order.",
  });
}

function isWhole({ width, height, pixels }: Stamp): boolean {
  return width === STAMP_SIZE && height === STAMP_SIZE && pixels.length === STAMP_SIZE * STAMP_SIZE;
}

function interleave(plane: Float32Array, pixels: Float32Array, channel: number): void {
  for (let index = 0; index < plane.length; index += 1) pixels[index * 3 + channel] = plane[index];
}
