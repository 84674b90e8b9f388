import { PLANES } from "./onnxShape.js";

/**
 * Turns images from (count, size, size, 3) to (count, 3, size, size).
 *
 * @internal
 */
export function toChannelsFirst(images: Float32Array, count: number): Float32Array {
  const pixels = images.length / count / PLANES;
  const turned = new Float32Array(images.length);
  for (let image = 0; image < count; image++) {
    const start = image * pixels * PLANES;
    for (let plane = 0; plane < PLANES; plane++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        turned[start + plane * pixels + pixel] = images[start + pixel * PLANES + plane];
      }
    }
  }
  return turned;
}
