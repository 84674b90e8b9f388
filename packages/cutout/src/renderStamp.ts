import { checkStamp } from "./checkStamp.js";
import { LEAST_FLOAT32 } from "./constants.js";
import { findLimits } from "./findLimits.js";
import { stretchValue } from "./stretchValue.js";
import type { Picture, RenderOptions, Stamp } from "./types.js";

/**
 * What `renderStamp` and `renderTriplet` do unless told otherwise: astronomers' usual view, in which the faintest source
 * shows; `asinh` with an interval of 99.5 shows the inside of bright galaxies.
 */
export const DEFAULT_RENDER_OPTIONS: Readonly<Required<RenderOptions>> = {
  stretch: "linear",
  interval: "zscale",
  scale: 1,
};

/** Gray of masked pixels: black, which no other pixel gets. */
export const MASKED_GRAY = 0;
/** Gray of the faintest pixels, well apart from the masked ones. */
const FAINTEST_GRAY = 40;
const BRIGHTEST_GRAY = 255;

/**
 * Renders a stamp as a gray picture for the eye, without a canvas. The last row of the stamp is on top,
 * as in every FITS viewer.
 *
 * @param stamp - pixels as stored, any size from 1 x 1
 * @param options - the stretch, the interval, the magnification
 * @returns a gray picture, `scale` times the stamp's size: 40 (faint) to 255 (bright); 0 for masked
 * pixels (NaN, or the least float32, which some reference stamps hold instead); a stamp of one value everywhere is middle gray
 * @throws RangeError for options out of range, a stamp without pixels, or pixels that are not width times height
 *
 * @example
 * ```ts
 * import { renderStamp } from "@btsbot/cutout";
 *
 * const stamp = { width: 3, height: 1, pixels: new Float32Array([0, NaN, 10]) };
 * renderStamp(stamp, { stretch: "linear", interval: "minmax" }).pixels; // => new Uint8Array([40, 0, 255])
 * ```
 */
export function renderStamp(stamp: Stamp, options: RenderOptions = {}): Picture {
  checkStamp(stamp);
  if (stamp.pixels.length === 0)
    throw new RangeError(`pixels: expected at least one, got ${stamp.width} x ${stamp.height}`);
  const { stretch, interval, scale } = { ...DEFAULT_RENDER_OPTIONS, ...options };
  if (!Number.isInteger(scale) || scale < 1)
    throw new RangeError(`scale: expected a whole number, 1 or more, got ${scale}`);
  const curve = stretchValue(stretch);
  const { width, height } = stamp;
  const values = stamp.pixels.map((value) => (value === LEAST_FLOAT32 ? NaN : value));
  const [low, high] = findLimits({ width, height, pixels: values }, interval);
  const pixels = new Uint8Array(width * scale * height * scale);
  for (let row = 0; row < height; row += 1) {
    const start = (height - 1 - row) * scale * width * scale;
    for (let column = 0; column < width; column += 1) {
      const gray = toGray(values[row * width + column], low, high, curve);
      pixels.fill(gray, start + column * scale, start + (column + 1) * scale);
    }
    for (let copy = 1; copy < scale; copy += 1) {
      pixels.copyWithin(start + copy * width * scale, start, start + width * scale);
    }
  }
  return { width: width * scale, height: height * scale, channels: 1, pixels };
}

function toGray(value: number, low: number, high: number, curve: (value: number) => number): number {
  if (Number.isNaN(value)) return MASKED_GRAY;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(FAINTEST_GRAY + (BRIGHTEST_GRAY - FAINTEST_GRAY) * curve(Math.min(1, Math.max(0, share))));
}
