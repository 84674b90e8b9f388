import { madd } from "./gemm";

/**
 * A depthwise convolution on a plane of `channels` (a multiple of 4): max(sum + bias, least).
 * `stepY`, `stepX` are bytes from window to window, `tapY`, `tapX` from tap to tap.
 */
export function convolveDepthwise(
  plane: usize, stepY: usize, stepX: usize, tapY: usize, tapX: usize, kernelHeight: i32, kernelWidth: i32,
  filter: usize, bias: usize, output: usize, height: i32, width: i32, channels: i32, least: f32,
): void {
  const floor = f32x4.splat(least);
  const pixel = (<usize>channels) << 2;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = plane + row * stepY + column * stepX;
      for (let channel: usize = 0; channel < pixel; channel += 16) {
        let sum = v128.load(bias + channel);
        let tap = filter + channel;
        for (let y = 0; y < kernelHeight; y++) {
          let a = from + channel + y * tapY;
          for (let x = 0; x < kernelWidth; x++, a += tapX, tap += pixel) sum = madd(v128.load(a), v128.load(tap), sum);
        }
        v128.store(output + channel, f32x4.pmax(sum, floor));
      }
      output += pixel;
    }
  }
}

/** Adds one image's share to the gradient of a depthwise filter, `kernelHeight` x `kernelWidth` x `channels`. */
export function addDepthwiseFilterGradient(
  plane: usize, stepY: usize, stepX: usize, tapY: usize, tapX: usize, kernelHeight: i32, kernelWidth: i32,
  dy: usize, height: i32, width: i32, channels: i32, gradient: usize,
): void {
  const pixel = (<usize>channels) << 2;
  for (let row = 0; row < height; row++) {
    for (let y = 0; y < kernelHeight; y++) {
      for (let x = 0; x < kernelWidth; x++) {
        const from = plane + row * stepY + y * tapY + x * tapX;
        const to = gradient + (<usize>(y * kernelWidth + x)) * pixel;
        for (let channel: usize = 0; channel < pixel; channel += 16) {
          let a = from + channel;
          let b = dy + channel;
          let even = v128.load(to + channel);
          let odd = f32x4.splat(0);
          let column = 0;
          // Two sums, so that one addition need not wait for the other.
          for (; column + 2 <= width; column += 2) {
            even = madd(v128.load(a), v128.load(b), even);
            odd = madd(v128.load(a + stepX), v128.load(b + pixel), odd);
            a += stepX << 1;
            b += pixel << 1;
          }
          if (column < width) even = madd(v128.load(a), v128.load(b), even);
          v128.store(to + channel, f32x4.add(even, odd));
        }
      }
    }
    dy += (<usize>width) * pixel;
  }
}
