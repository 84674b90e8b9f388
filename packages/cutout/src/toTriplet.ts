import { BtsbotError, toSafe } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { atPath } from "./atPath.js";
import {
  DEFAULT_PLANES,
  IMPOSSIBLE_PIXEL,
  LEAST_FLOAT32,
  LEAST_SIDE,
  MAX_SIDE,
  STAMP_FIELDS,
  STAMP_SIZE,
} from "./constants.js";
import { cropStamp } from "./cropStamp.js";
import { fitStamp } from "./fitStamp.js";
import { normalizeInto, normalizeStamp } from "./normalizeStamp.js";
import { padStamp } from "./padStamp.js";
import { scalePixels, scaleStamp } from "./scaleStamp.js";
import type { ImagePreprocessing, Stamp, StampPadding, Stamps, Triplet } from "./types.js";

/** BTSbot's: 63 x 63, each plane divided by its Euclidean norm. */
export const DEFAULT_PREPROCESSING: ImagePreprocessing = { normalization: "l2", size: STAMP_SIZE };

/**
 * Makes a network's image input of the stamps, then interleaved: for `l2` each one normalised,
 * padded, and cropped where the model wants fewer than 63 pixels; for `minmax` as {@link scaleStamp}. With `anySize` the innermost
 * pixels of each stamp are taken, then normalised; pixels where it does not reach become 0.
 *
 * @param stamps - the stamps that the model wants, pixels as stored
 * @param preprocessing - how the model wants them; {@link DEFAULT_PREPROCESSING} by default
 * @returns (size, size, planes) values between -1 and 1 (`minmax`: 0 and 1), all finite: row, column, then the planes
 * that the model wants, by default science, template, difference; row 0 is the stamps' row 0
 * @throws BtsbotError with the problems of all of them at once, each with the stamp's field as its path:
 * `stamp-absent`, `stamp-size` (for `l2` under 32 or over 63 pixels on a side), `stamp-infinite`, `stamp-impossible`
 * (beyond 1e9 DN), `stamp-all-nan`, `stamp-all-zero`; RangeError for a size
 * outside 1 to 63 (`anySize`: 1024), another normalization, or planes that are not different stamps
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
export function toTriplet(stamps: Partial<Stamps>, preprocessing: ImagePreprocessing = DEFAULT_PREPROCESSING): Triplet {
  const { normalization, size, planes = DEFAULT_PLANES, anySize = false } = preprocessing;
  const padding = preprocessing.normalization === "l2" ? preprocessing.padding : undefined;
  const writePlane = WRITERS[normalization] as WritePlane | undefined;
  // Models are data that somebody wrote: a name unknown here must not pass for one that is known.
  if (writePlane === undefined)
    throw new RangeError(`normalization: expected ${Object.keys(WRITERS).join(" or ")}, got ${normalization}`);
  checkPlanes(planes);
  if (anySize && !(Number.isInteger(size) && size >= 1 && size <= MAX_SIDE))
    throw new RangeError(`size: expected a whole number from 1 to ${MAX_SIDE}, got ${size}`);
  const pixels = new Float32Array(size * size * planes.length);
  const problems: Problem[] = [];
  planes.forEach((plane, channel) => {
    const result = toSafe(() => {
      atPath(STAMP_FIELDS[plane], () => {
        const stamp = stamps[plane];
        if (stamp === undefined)
          throw new BtsbotError("stamp-absent", "the model reads this stamp, which is not there");
        checkValues(stamp);
        const target = { pixels, channel, step: planes.length };
        if (anySize) interleave(scaleAnySize(fitStamp(stamp, size), normalization), target);
        else writePlane(stamp, size, padding, target);
      });
    });
    if (!result.success) problems.push(...result.error.problems);
  });
  if (problems.length > 0) throw new BtsbotError(problems);
  return { size, pixels };
}

/** Models are data that somebody wrote. */
function checkPlanes(planes: readonly (keyof Stamps)[]): void {
  const isList = Array.isArray(planes) && planes.length > 0 && new Set(planes).size === planes.length;
  if (isList && planes.every((plane: PropertyKey) => Object.hasOwn(STAMP_FIELDS, plane))) return;
  throw new RangeError(`planes: expected some of ${DEFAULT_PLANES.join(", ")}, each once, got ${String(planes)}`);
}

/** Pixels that were cut from a stamp of any size, brought to the network's range. */
function scaleAnySize(kept: Stamp, normalization: ImagePreprocessing["normalization"]): Float32Array {
  return normalization === "l2" ? normalizeStamp(kept).pixels : scalePixels(kept);
}

/** Where a plane is written: a channel of so many. */
interface Channel {
  readonly pixels: Float32Array;
  readonly channel: number;
  readonly step: number;
}

type WritePlane = (stamp: Stamp, size: number, padding: StampPadding | undefined, target: Channel) => void;

/** By the name of the normalization, what makes a channel of size x size pixels of a stamp. */
const WRITERS: Readonly<Record<ImagePreprocessing["normalization"], WritePlane>> = {
  l2: (stamp, size, padding, target) => {
    // A whole stamp that is wanted whole, as nearly all are: nothing lies between its pixels and the triplet's.
    if (size === STAMP_SIZE && isWhole(stamp)) {
      normalizeInto(stamp.pixels, target.pixels, target.channel, target.step);
      return;
    }
    checkSides(stamp);
    const plane = padStamp(normalizeStamp(stamp), padding);
    interleave((size === STAMP_SIZE ? plane : cropStamp(plane, size)).pixels, target);
  },
  minmax: (stamp, size, _, target) => {
    interleave(scaleStamp(stamp, size).pixels, target);
  },
};

/**
 * The names of the normalizations that there are.
 *
 * @example
 * ```ts
 * import { NORMALIZATIONS } from "@btsbot/cutout";
 *
 * NORMALIZATIONS; // => ["l2", "minmax"]
 * ```
 */
export const NORMALIZATIONS = Object.keys(WRITERS) as readonly ImagePreprocessing["normalization"][];

/** Refuses what the survey cannot have cut: padding would make most of such a stamp. */
function checkSides({ width, height }: Stamp): void {
  if (Math.min(width, height) >= LEAST_SIDE) return;
  throw new BtsbotError("stamp-size", "no stamp of the survey is so small", {
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

function interleave(plane: Float32Array, { pixels, channel, step }: Channel): void {
  for (let index = 0; index < plane.length; index += 1) pixels[index * step + channel] = plane[index];
}
