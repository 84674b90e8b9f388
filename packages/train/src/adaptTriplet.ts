import { cropStamp, scaleStamp, STAMP_SIZE } from "@btsbot/cutout";
import type { ImagePreprocessing } from "@btsbot/cutout";

/** Science, template, difference. */
const PLANES = 3;

/**
 * Makes a network's image of one of a published training set: 63 x 63 x 3, each plane normalised and
 * padded. Under 63 pixels the innermost are kept and normalised again; `minmax` brings them to 0 to 1,
 * which the norm does not change. Masked pixels are 0 in a published image and stay so.
 *
 * @throws BtsbotError as `cropStamp` and `scaleStamp`
 * @internal
 */
export function adaptTriplet(pixels: Float32Array, preprocessing: ImagePreprocessing): Float32Array {
  const { normalization, size } = preprocessing;
  if (normalization === "l2" && size === STAMP_SIZE) return pixels;
  const adapted = new Float32Array(size * size * PLANES);
  for (let plane = 0; plane < PLANES; plane += 1) {
    const own = Float32Array.from({ length: STAMP_SIZE * STAMP_SIZE }, (_, place) => pixels[PLANES * place + plane]);
    const stamp = { width: STAMP_SIZE, height: STAMP_SIZE, pixels: own };
    const made = normalization === "l2" ? cropStamp(stamp, size) : scaleStamp(stamp, size);
    made.pixels.forEach((value, place) => (adapted[PLANES * place + plane] = value));
  }
  return adapted;
}
