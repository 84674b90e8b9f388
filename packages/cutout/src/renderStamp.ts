import { checkArgument, checkOptions } from "@btsbot/errors";
import { checkPixels } from "./checkPixels.js";
import { LEAST_FLOAT32 } from "./constants.js";
import { findLimits } from "./findLimits.js";
import { findHalfSide, frameStamp } from "./frameStamp.js";
import { stretchValue } from "./stretchValue.js";
import { ZTF_STAMPS } from "./surveys/ztf.js";
import { RENDER_OPTIONS } from "./types.js";
import type { Limits, RenderOptions, Stamp, StampPicture } from "./types.js";

/**
 * What `renderStamp` and `renderTriplet` do unless told otherwise: the survey's orientation, north up and east left, and
 * astronomers' usual view, in which the faintest source shows; `asinh` with an interval of 99.5 shows the inside of bright
 * galaxies.
 */
export const DEFAULT_RENDER_OPTIONS: Readonly<Required<Omit<RenderOptions, "limits" | "source">>> = {
  orientation: ZTF_STAMPS.orientation,
  stretch: "linear",
  interval: "zscale",
  scale: 1,
};

/** Gray of pixels without data: black, which no other pixel gets. */
export const MASKED_GRAY = 0;
/** Gray of the lines that hatch them, so that they are not taken for dark sky. */
export const HATCH_GRAY = 128;
/** Of four diagonals in pixels without data, one is a line. */
const HATCH_PERIOD = 4;
/** Gray of the faintest pixels, well apart from the masked ones. */
const FAINTEST_GRAY = 40;
const BRIGHTEST_GRAY = 255;

/**
 * Renders a stamp as a gray picture for the eye, without a canvas. North is up and east is left, as in every other display
 * of the survey's stamps. Pixels without data (NaN, or the least float32, which some reference stamps hold instead) are
 * hatched, and marked in the mask; they are never filled from their neighbours.
 *
 * @param stamp - pixels as stored, any size from 1 x 1
 * @param options - orientation, stretch, interval or limits, magnification; the source's place, for a square about it
 * @returns a gray picture, `scale` times the stamp's size, or that of the square: 40 (faint) to 255 (bright), hatched with 0 and 128 where there
 * are not data; its mask, 1 there and 0 elsewhere; the limits, pixel values at 40 and 255. A stamp of one value everywhere is middle gray
 * @throws RangeError for options out of range, a stamp without pixels, or pixels that are not width times height
 *
 * @example
 * ```ts
 * import { renderStamp } from "@btsbot/cutout";
 *
 * const stamp = { width: 3, height: 1, pixels: new Float32Array([0, NaN, 10]) };
 * const { pixels, mask } = renderStamp(stamp, { limits: [0, 10] });
 * pixels; // => new Uint8Array([40, 0, 255])
 * mask; // => new Uint8Array([0, 1, 0])
 * ```
 */
export function renderStamp(stamp: Stamp, options: RenderOptions = {}): StampPicture {
  checkOptions("renderStamp", options, RENDER_OPTIONS);
  checkArgument("renderStamp", "stamp", stamp, "object", ["width", "height", "pixels"]);
  checkPixels(stamp);
  const { stretch, interval, scale, orientation, limits, source } = { ...DEFAULT_RENDER_OPTIONS, ...options };
  if (!Number.isInteger(scale) || scale < 1)
    throw new RangeError(`scale: expected a whole number, 1 or more, got ${scale}`);
  const lastOnTop = isLastOnTop(orientation);
  const curve = stretchValue(stretch);
  const {
    width,
    height,
    pixels: stored,
  } = source === undefined ? stamp : frameStamp(stamp, source, findHalfSide(source, [stamp]));
  const values = stored.map((value) => (value === LEAST_FLOAT32 ? NaN : value));
  const [low, high] = limits === undefined ? findLimits({ width, height, pixels: values }, interval) : check(limits);
  const picture = { width: width * scale, height: height * scale, channels: 1 } as const;
  const [pixels, mask] = [0, 0].map(() => new Uint8Array(picture.width * picture.height));
  for (let at = 0; at < pixels.length; at += 1) {
    const [x, y] = [at % picture.width, Math.floor(at / picture.width)];
    const row = Math.floor(y / scale);
    const value = values[(lastOnTop ? height - 1 - row : row) * width + Math.floor(x / scale)];
    if (Number.isNaN(value)) {
      mask[at] = 1;
      // Lines and the gaps between them are as wide as pixels of the stamp.
      pixels[at] = Math.floor((x + y) / scale) % HATCH_PERIOD === 0 ? HATCH_GRAY : MASKED_GRAY;
    } else pixels[at] = toGray(value, low, high, curve);
  }
  return { ...picture, pixels, mask, limits: [low, high] };
}

function isLastOnTop(orientation: string): boolean {
  if (orientation !== "first-row-top" && orientation !== "first-row-bottom")
    throw new RangeError(`orientation: expected first-row-top or first-row-bottom, got ${orientation}`);
  return orientation === "first-row-bottom";
}

function check(limits: Limits): Limits {
  const [low, high] = limits;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high))
    throw new RangeError(`limits: expected two finite pixel values, the lower first, got ${limits.join(", ")}`);
  return limits;
}

function toGray(value: number, low: number, high: number, curve: (value: number) => number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(FAINTEST_GRAY + (BRIGHTEST_GRAY - FAINTEST_GRAY) * curve(Math.min(1, Math.max(0, share))));
}
