import { multiplyTransposed } from "./backwardFilter";
import { madd } from "./gemm";

/**
 * The gradient of a convolution's filter by Winograd's method, on tiles of 8 x 8 pixels, for any window of
 * 2 to 7 pixels a side: the transposed of the convolution by tiles. The tile of the input and the tile of
 * the output's gradient, as polynomials, are valued at 0, 1, -1, 2, -2, 1/2, -1/2 and infinity and
 * multiplied there; the products are summed over all tiles of all images, and the coefficients of the
 * filter read off once at the end. With a window of 5 that is 64 products for 400. Four channels at a time.
 *
 * Source: Lavin and Gray 2016, CVPR, section 4; the transposed of its equation 8.
 */

/** Points on a side. */
const POINTS: usize = 8;

/** What the sums are multiplied by at 1 and -1, at 2 and -2, at 1/2 and -1/2. */
// @ts-ignore: decorator
@inline
const AT_ONE: f32 = -2.0 / 9.0;
// @ts-ignore: decorator
@inline
const AT_TWO: f32 = 1.0 / 90.0;
// @ts-ignore: decorator
@inline
const AT_HALF: f32 = 32.0 / 45.0;

/** Eight pixels in a row to eight points: the matrix B of the paper, transposed. */
// @ts-ignore: decorator
@inline
function transformEight(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  from += step;
  const d1 = v128.load(from);
  from += step;
  const d2 = v128.load(from);
  from += step;
  const d3 = v128.load(from);
  from += step;
  const d4 = v128.load(from);
  from += step;
  const d5 = v128.load(from);
  from += step;
  const d6 = v128.load(from);
  const d7 = v128.load(from + step);
  v128.store(to, madd(f32x4.sub(d4, d2), f32x4.splat(5.25), f32x4.sub(d0, d6)));
  to += toStep;
  let even = madd(d4, f32x4.splat(-4.25), f32x4.add(d2, d6));
  let odd = madd(d3, f32x4.splat(-4.25), f32x4.add(d1, d5));
  v128.store(to, f32x4.add(even, odd));
  to += toStep;
  v128.store(to, f32x4.sub(even, odd));
  to += toStep;
  even = madd(d4, f32x4.splat(-1.25), madd(d2, f32x4.splat(0.25), d6));
  odd = madd(d3, f32x4.splat(-2.5), madd(d1, f32x4.splat(0.5), f32x4.add(d5, d5)));
  v128.store(to, f32x4.add(even, odd));
  to += toStep;
  v128.store(to, f32x4.sub(even, odd));
  to += toStep;
  even = madd(d4, f32x4.splat(-5), madd(d2, f32x4.splat(4), d6));
  odd = madd(d3, f32x4.splat(-2.5), madd(d5, f32x4.splat(0.5), f32x4.add(d1, d1)));
  v128.store(to, f32x4.add(even, odd));
  to += toStep;
  v128.store(to, f32x4.sub(even, odd));
  v128.store(to + toStep, madd(f32x4.sub(d3, d5), f32x4.splat(5.25), f32x4.sub(d7, d1)));
}

/** The values of a polynomial of `count` coefficients at the eight points, by Horner's rule. */
// @ts-ignore: decorator
@inline
function evaluate(from: usize, step: usize, count: i32, to: usize, toStep: usize): void {
  const zero = f32x4.splat(0);
  const four = f32x4.splat(4);
  const quarter = f32x4.splat(0.25);
  let even1 = zero;
  let even2 = zero;
  let evenHalf = zero;
  let odd1 = zero;
  let odd2 = zero;
  let oddHalf = zero;
  for (let power = (count - 1) & -2; power >= 0; power -= 2) {
    const at = from + (<usize>power) * step;
    const even = v128.load(at);
    const odd = power + 1 < count ? v128.load(at + step) : zero;
    even1 = f32x4.add(even1, even);
    odd1 = f32x4.add(odd1, odd);
    even2 = madd(even2, four, even);
    odd2 = madd(odd2, four, odd);
    evenHalf = madd(evenHalf, quarter, even);
    oddHalf = madd(oddHalf, quarter, odd);
  }
  odd2 = f32x4.add(odd2, odd2);
  oddHalf = f32x4.mul(oddHalf, f32x4.splat(0.5));
  v128.store(to, v128.load(from));
  to += toStep;
  v128.store(to, f32x4.add(even1, odd1));
  to += toStep;
  v128.store(to, f32x4.sub(even1, odd1));
  to += toStep;
  v128.store(to, f32x4.add(even2, odd2));
  to += toStep;
  v128.store(to, f32x4.sub(even2, odd2));
  to += toStep;
  v128.store(to, f32x4.add(evenHalf, oddHalf));
  to += toStep;
  v128.store(to, f32x4.sub(evenHalf, oddHalf));
  v128.store(to + toStep, v128.load(from + (<usize>(count - 1)) * step));
}

/** The transposed of `evaluate`, scaled: eight points to `count` coefficients of the filter. */
// @ts-ignore: decorator
@inline
function collect(from: usize, step: usize, count: i32, to: usize, toStep: usize): void {
  const first = v128.load(from);
  let plus = v128.load(from + step);
  let minus = v128.load(from + 2 * step);
  let even1 = f32x4.add(plus, minus);
  let odd1 = f32x4.sub(plus, minus);
  plus = v128.load(from + 3 * step);
  minus = v128.load(from + 4 * step);
  let even2 = f32x4.add(plus, minus);
  let odd2 = f32x4.sub(plus, minus);
  plus = v128.load(from + 5 * step);
  minus = v128.load(from + 6 * step);
  let evenHalf = f32x4.add(plus, minus);
  let oddHalf = f32x4.sub(plus, minus);
  const last = v128.load(from + 7 * step);
  even1 = f32x4.mul(even1, f32x4.splat(AT_ONE));
  odd1 = f32x4.mul(odd1, f32x4.splat(AT_ONE));
  even2 = f32x4.mul(even2, f32x4.splat(AT_TWO));
  odd2 = f32x4.mul(odd2, f32x4.splat(AT_TWO));
  evenHalf = f32x4.mul(evenHalf, f32x4.splat(AT_HALF));
  oddHalf = f32x4.mul(oddHalf, f32x4.splat(AT_HALF));
  odd2 = f32x4.add(odd2, odd2);
  oddHalf = f32x4.mul(oddHalf, f32x4.splat(0.5));
  const four = f32x4.splat(4);
  const quarter = f32x4.splat(0.25);
  const end = count - 1;
  for (let power = 0; power < count; power += 2) {
    let sum = f32x4.add(even1, f32x4.add(even2, evenHalf));
    if (power == 0) sum = f32x4.add(sum, first);
    if (power == end) sum = f32x4.add(sum, last);
    v128.store(to, sum);
    to += toStep;
    if (power + 1 > end) return;
    sum = f32x4.add(odd1, f32x4.add(odd2, oddHalf));
    if (power + 1 == end) sum = f32x4.add(sum, last);
    v128.store(to, sum);
    to += toStep;
    even2 = f32x4.mul(even2, four);
    odd2 = f32x4.mul(odd2, four);
    evenHalf = f32x4.mul(evenHalf, quarter);
    oddHalf = f32x4.mul(oddHalf, quarter);
  }
}

/** Where tile `tile` of a batch of planes begins. */
// @ts-ignore: decorator
@inline
function tileAddress(planes: usize, planeBytes: usize, row: usize, pixel: usize, tilesY: i32, tilesX: i32, high: i32, wide: i32, tile: i32): usize {
  const plane = tile / (tilesY * tilesX);
  const within = tile % (tilesY * tilesX);
  return planes + (<usize>plane) * planeBytes + (<usize>((within / tilesX) * high)) * row + (<usize>((within % tilesX) * wide)) * pixel;
}

/** Tiles of the input at the 64 points: 64 matrices of a row a tile, `matrix` bytes apart. */
function transformInputs(
  planes: usize, tilesY: i32, tilesX: i32, high: i32, wide: i32, kernelHeight: i32, kernelWidth: i32, channels: i32,
  first: i32, count: i32, points: usize, matrix: usize, temporary: usize,
): void {
  const pixel = (<usize>channels) << 2;
  const row = (<usize>(tilesX * wide + kernelWidth - 1)) * pixel;
  const planeBytes = (<usize>(tilesY * high + kernelHeight - 1)) * row;
  for (let tile = 0; tile < count; tile++) {
    const from = tileAddress(planes, planeBytes, row, pixel, tilesY, tilesX, high, wide, first + tile);
    for (let channel: usize = 0; channel < pixel; channel += 16) {
      for (let column: usize = 0; column < POINTS; column++) {
        transformEight(from + channel + column * pixel, row, temporary + (column << 4), 128);
      }
      for (let line: usize = 0; line < POINTS; line++) {
        transformEight(temporary + (line << 7), 16, points + channel + (line << 3) * matrix, matrix);
      }
    }
    points += pixel;
  }
}

/**
 * A square filter, packed by packFilter, at `points` x `points` points as the kernel `winograd` wants it:
 * one packed matrix of `matrix` bytes for each pair of points.
 *
 * @param powers - for each point a row of `window` factors
 * @param temporary - room for points x window vectors
 */
export function transformFilter(
  packed: usize, window: i32, points: i32, powers: usize, panels: i32, inputs: i32, filter: usize, matrix: usize, temporary: usize,
): void {
  const tap = (<usize>inputs) << 5;
  const row = (<usize>window) << 2;
  for (let panel = 0; panel < panels; panel++) {
    for (let at: usize = 0; at < tap; at += 16) {
      for (let point = 0; point < points; point++) {
        for (let column = 0; column < window; column++) {
          const from = packed + at + (<usize>column) * tap;
          const to = temporary + ((<usize>(point * window + column)) << 4);
          weigh(from, (<usize>window) * tap, powers + (<usize>point) * row, window, to);
        }
      }
      for (let line = 0; line < points; line++) {
        for (let point = 0; point < points; point++) {
          const to = filter + at + (<usize>(line * points + point)) * matrix;
          weigh(temporary + ((<usize>(line * window)) << 4), 16, powers + (<usize>point) * row, window, to);
        }
      }
    }
    packed += (<usize>(window * window)) * tap;
    filter += tap;
  }
}

/** The sum of `count` vectors, each times its factor. */
// @ts-ignore: decorator
@inline
function weigh(from: usize, step: usize, factors: usize, count: i32, to: usize): void {
  let sum = f32x4.splat(0);
  for (; count > 0; count--, from += step, factors += 4) sum = madd(v128.load(from), v128.load32_splat(factors), sum);
  v128.store(to, sum);
}

/**
 * Adds what tiles `first` to `first + count` contribute to the gradient of the filter, at the 64 points:
 * 64 matrices of `channels` x `outputs`.
 *
 * @param slopes - planes of the output's gradient, each (tilesY * high) x (tilesX * wide) x outputs (a multiple of 8)
 * @param work - room for 64 vectors, then for 64 matrices of `count` rows of channels, each and 64 bytes, then the same of outputs
 */
export function addTileGradients(
  planes: usize, slopes: usize, tilesY: i32, tilesX: i32, kernelHeight: i32, kernelWidth: i32, channels: i32, outputs: i32,
  first: i32, count: i32, gradient: usize, work: usize,
): void {
  const high = 9 - kernelHeight;
  const wide = 9 - kernelWidth;
  const ldv = (<usize>channels) << 2;
  const ldm = (<usize>outputs) << 2;
  const vMatrix = (<usize>count) * ldv + 64;
  const mMatrix = (<usize>count) * ldm + 64;
  const points = work + 1024;
  const values = points + 64 * vMatrix;
  transformInputs(planes, tilesY, tilesX, high, wide, kernelHeight, kernelWidth, channels, first, count, points, vMatrix, work);
  const row = (<usize>(tilesX * wide)) * ldm;
  for (let tile = 0; tile < count; tile++) {
    const from = tileAddress(slopes, (<usize>(tilesY * high)) * row, row, ldm, tilesY, tilesX, high, wide, first + tile);
    const to = values + (<usize>tile) * ldm;
    for (let channel: usize = 0; channel < ldm; channel += 16) {
      for (let column = 0; column < wide; column++) {
        evaluate(from + channel + (<usize>column) * ldm, row, high, work + ((<usize>column) << 4), 128);
      }
      for (let line: usize = 0; line < POINTS; line++) {
        evaluate(work + (line << 7), 16, wide, to + channel + (line << 3) * mMatrix, mMatrix);
      }
    }
  }
  const size = (<usize>channels) * ldm;
  for (let point: usize = 0; point < 64; point++) {
    multiplyTransposed(points + point * vMatrix, ldv, channels, values + point * mMatrix, ldm, outputs, count, gradient + point * size);
  }
}

/** The gradient at the 64 points to that of the filter: `kernelHeight` x `kernelWidth` x `channels` x `outputs`. */
export function collectGradient(points: usize, kernelHeight: i32, kernelWidth: i32, channels: i32, outputs: i32, gradient: usize, temporary: usize): void {
  const size = ((<usize>channels) * (<usize>outputs)) << 2;
  for (let at: usize = 0; at < size; at += 16) {
    for (let column: usize = 0; column < POINTS; column++) collect(points + at + column * size, size << 3, kernelHeight, temporary + (column << 4), 128);
    for (let line = 0; line < kernelHeight; line++) {
      collect(temporary + ((<usize>line) << 7), 16, kernelWidth, gradient + at + (<usize>(line * kernelWidth)) * size, size);
    }
  }
}
