import { cropStamp, DEFAULT_PLANES, scaleStamp, STAMP_SIZE } from "@btsbot/cutout";
import type { ImagePreprocessing } from "@btsbot/cutout";

/** Of a published image: science, template, difference. */
const PLANES = DEFAULT_PLANES.length;

/**
 * Makes a network's image of one of a published training set: 63 x 63 x 3, each plane normalised and
 * padded. Under 63 pixels the innermost are kept and normalised again; `minmax` brings them to 0 to 1,
 * which the norm does not change. Masked pixels are 0 in a published image and stay so.
 *
 * @throws BtsbotError as `cropStamp` and `scaleStamp`
 * @internal
 */
export function adaptTriplet(pixels: Float32Array, preprocessing: ImagePreprocessing): Float32Array {
  const { normalization, size, planes } = preprocessing;
  if (normalization === "l2" && size === STAMP_SIZE && planes === undefined) return pixels;
  const wanted = planes ?? DEFAULT_PLANES;
  const adapted = new Float32Array(size * size * wanted.length);
  wanted.forEach((name, channel) => {
    const plane = DEFAULT_PLANES.indexOf(name);
    const own = Float32Array.from({ length: STAMP_SIZE * STAMP_SIZE }, (_, place) => pixels[PLANES * place + plane]);
    const stamp = { width: STAMP_SIZE, height: STAMP_SIZE, pixels: own };
    const made =
      normalization === "minmax" ? scaleStamp(stamp, size) : size === STAMP_SIZE ? stamp : cropStamp(stamp, size);
    made.pixels.forEach((value, place) => (adapted[wanted.length * place + channel] = value));
  });
  return adapted;
}
