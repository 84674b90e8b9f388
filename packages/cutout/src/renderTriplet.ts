import { checkArgument, checkOptions } from "@btsbot/errors";
import { checkPixels } from "./checkPixels.js";
import { findHalfSide, frameStamp } from "./frameStamp.js";
import { DEFAULT_RENDER_OPTIONS, renderStamp } from "./renderStamp.js";
import { ZTF_STAMPS } from "./surveys/ztf.js";
import { RENDER_TRIPLET_OPTIONS } from "./types.js";
import type { Picture, RenderTripletOptions, Stamps, TripletPicture } from "./types.js";

const NAMES = ["science", "template", "difference"] as const;
/** Width of the gap between two stamps, in pixels of a stamp. */
const GAP = 2;
/** White, so that the gap is not taken for a mask. */
const GAP_GRAY = 255;

/**
 * Renders the three stamps side by side, science, template, difference, a white gap between them. Each has limits of its
 * own, so brightness cannot be compared between them. Each stands in a square of 63 x 63 with the source in the middle:
 * where a stamp was cut off at the edge of a CCD, the rest is hatched like pixels without data.
 *
 * @param stamps - the three stamps, pixels as stored
 * @param options - the source's place in them, as {@link locateSource} gives it; orientation, stretch, interval or limits,
 * magnification
 * @returns a gray picture, its mask as of {@link renderStamp} (0 in the gaps), and the limits of each stamp
 * @throws RangeError as {@link renderStamp}, and for a place that is not a pixel
 *
 * @example
 * ```ts
 * import { encodePng, locateSource, renderTriplet } from "@btsbot/cutout";
 *
 * const stamp = { width: 63, height: 48, pixels: new Float32Array(63 * 48) };
 * const source = locateSource({ xpos: 1564.8, ypos: 16.5 });
 * const picture = renderTriplet({ science: stamp, template: stamp, difference: stamp }, { source, scale: 2 });
 * [picture.width, picture.height]; // => [386, 126]
 * encodePng(picture); // the bytes of a PNG file
 * ```
 */
export function renderTriplet(stamps: Stamps, options: RenderTripletOptions = {}): TripletPicture {
  checkOptions("renderTriplet", options, RENDER_TRIPLET_OPTIONS);
  checkArgument("renderTriplet", "stamps", stamps, "object", ["science", "template", "difference"]);
  const { source = { row: ZTF_STAMPS.middle, column: ZTF_STAMPS.middle }, limits, side, ...rest } = options;
  const { scale = DEFAULT_RENDER_OPTIONS.scale } = rest;
  const list = NAMES.map((name) => stamps[name]);
  list.forEach(checkPixels);
  const half = findHalfSide(source, list, side);
  const panels = list.map((stamp, index) => {
    const own = limits?.[NAMES[index]];
    return renderStamp(frameStamp(stamp, source, half), { ...rest, ...(own !== undefined && { limits: own }) });
  });
  const [science, template, difference] = panels.map((panel) => panel.limits);
  return { ...putBeside(panels, GAP * scale), limits: { science, template, difference } };
}

function putBeside(
  panels: readonly (Picture & { readonly mask: Uint8Array })[],
  gap: number,
): Omit<TripletPicture, "limits"> {
  const { width: panelWidth, height } = panels[0];
  const width = panels.length * panelWidth + (panels.length - 1) * gap;
  const pixels = new Uint8Array(width * height).fill(GAP_GRAY);
  const mask = new Uint8Array(width * height);
  panels.forEach((panel, place) => {
    for (let row = 0; row < height; row += 1) {
      const [from, to] = [row * panelWidth, (row + 1) * panelWidth];
      const start = row * width + place * (panelWidth + gap);
      pixels.set(panel.pixels.subarray(from, to), start);
      mask.set(panel.mask.subarray(from, to), start);
    }
  });
  return { width, height, channels: 1, pixels, mask };
}
