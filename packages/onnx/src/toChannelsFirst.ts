/**
 * Turns images from (count, size, size, planes) to (count, planes, size, size).
 *
 * @internal
 */
export function toChannelsFirst(images: Float32Array, count: number, planes: number): Float32Array {
  const pixels = images.length / count / planes;
  const turned = new Float32Array(images.length);
  for (let image = 0; image < count; image++) {
    const start = image * pixels * planes;
    for (let plane = 0; plane < planes; plane++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        turned[start + plane * pixels + pixel] = images[start + pixel * planes + plane];
      }
    }
  }
  return turned;
}
