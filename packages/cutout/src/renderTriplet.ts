import { DEFAULT_RENDER_OPTIONS, MASKED_GRAY, renderStamp } from "./renderStamp.js";
import type { Picture, RenderOptions, Stamps } from "./types.js";

/** Width of the gap between two stamps, in pixels of a stamp. */
const GAP = 2;
/** White, so that the gap is not taken for a mask. */
const GAP_GRAY = 255;

/**
 * Renders the three stamps side by side, science, template, difference, a white gap between them. Each
 * has its own limits, so brightness cannot be compared between them. Stamps cut off at the edge of a CCD
 * are aligned at the bottom left, and what they lack is black like masked pixels.
 *
 * @param stamps - the three stamps, pixels as stored
 * @param options - the stretch, the interval, the magnification
 * @returns a gray picture
 * @throws RangeError as {@link renderStamp}
 *
 * @example
 * ```ts
 * import { encodePng, renderTriplet } from "@btsbot/cutout";
 *
 * const stamp = { width: 63, height: 63, pixels: new Float32Array(3969) };
 * const picture = renderTriplet({ science: stamp, template: stamp, difference: stamp }, { scale: 2 });
 * [picture.width, picture.height]; // => [386, 126]
 * encodePng(picture); // the bytes of a PNG file
 * ```
 */
export function renderTriplet(stamps: Stamps, options: RenderOptions = {}): Picture {
  const { scale = DEFAULT_RENDER_OPTIONS.scale } = options;
  const panels = [stamps.science, stamps.template, stamps.difference].map((stamp) => renderStamp(stamp, options));
  const panelWidth = Math.max(...panels.map(({ width }) => width));
  const height = Math.max(...panels.map((panel) => panel.height));
  const gap = GAP * scale;
  const width = panels.length * panelWidth + (panels.length - 1) * gap;
  const pixels = new Uint8Array(width * height).fill(GAP_GRAY);
  panels.forEach((panel, place) => {
    const left = place * (panelWidth + gap);
    const top = height - panel.height;
    for (let row = 0; row < height; row += 1) {
      const start = row * width + left;
      pixels.fill(MASKED_GRAY, start, start + panelWidth);
      if (row >= top)
        pixels.set(panel.pixels.subarray((row - top) * panel.width, (row - top + 1) * panel.width), start);
    }
  });
  return { width, height, channels: 1, pixels };
}
