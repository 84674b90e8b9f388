import { madd } from "./gemm";

/** Four pixels by eight channels of a direct convolution: `rows` pieces of `span` numbers, `row` bytes apart. */
// @ts-ignore: decorator
@inline
function fourPixels(
  a: usize, row: usize, step: usize, b: usize, bias: usize, c: usize, ldc: usize, rows: i32, span: usize, least: v128, wide: bool,
): void {
  let c00 = v128.load(bias);
  let c01 = v128.load(bias, 16);
  let c10 = c00;
  let c11 = c01;
  let c20 = c00;
  let c21 = c01;
  let c30 = c00;
  let c31 = c01;
  for (; rows > 0; rows--, a += row) {
    let a0 = a;
    let a1 = a0 + step;
    let a2 = a1 + step;
    let a3 = a2 + step;
    for (const end = b + (span << 3); b < end; b += 32, a0 += 4, a1 += 4, a2 += 4, a3 += 4) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let x = v128.load32_splat(a0);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a1);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a2);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a3);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
    }
  }
  const d1 = c + ldc;
  const d2 = d1 + ldc;
  const d3 = d2 + ldc;
  // pmax keeps a NaN on its left side; max and XNNPACK's clamp do not all.
  v128.store(c, f32x4.pmax(c00, least));
  v128.store(d1, f32x4.pmax(c10, least));
  v128.store(d2, f32x4.pmax(c20, least));
  v128.store(d3, f32x4.pmax(c30, least));
  if (wide) {
    v128.store(c, f32x4.pmax(c01, least), 16);
    v128.store(d1, f32x4.pmax(c11, least), 16);
    v128.store(d2, f32x4.pmax(c21, least), 16);
    v128.store(d3, f32x4.pmax(c31, least), 16);
  }
}

/** One pixel by eight channels, for rows of fewer than four pixels. */
// @ts-ignore: decorator
@inline
function onePixel(a: usize, row: usize, b: usize, bias: usize, c: usize, rows: i32, span: usize, least: v128, wide: bool): void {
  let c0 = v128.load(bias);
  let c1 = v128.load(bias, 16);
  for (; rows > 0; rows--, a += row) {
    let a0 = a;
    for (const end = b + (span << 3); b < end; b += 32, a0 += 4) {
      const x = v128.load32_splat(a0);
      c0 = madd(x, v128.load(b), c0);
      c1 = madd(x, v128.load(b, 16), c1);
    }
  }
  v128.store(c, f32x4.pmax(c0, least));
  if (wide) v128.store(c, f32x4.pmax(c1, least), 16);
}

/**
 * A convolution, window by window: max(sum + bias, least). With one row of "pixels" and a kernel of one row
 * it is a matrix product.
 *
 * @param plane - the input with its zeros, `planeRow` bytes a row; `stepY`, `stepX` bytes from window to window
 * @param span - bytes of one row of the window: columns times channels times 4
 * @param filter - packed by packFilter
 * @param bias - as many numbers as the panels have columns
 * @param output - `height` x `width` x `outputs` (a multiple of 4)
 * @param least - 0 for ReLU, -Infinity for none
 */
export function convolve(
  plane: usize, planeRow: usize, stepY: usize, stepX: usize, kernelHeight: i32, span: usize,
  filter: usize, bias: usize, output: usize, height: i32, width: i32, outputs: i32, least: f32,
): void {
  const floor = f32x4.splat(least);
  const ldc = (<usize>outputs) << 2;
  const panel = (<usize>kernelHeight) * (span << 3);
  for (let column: usize = 0; column < ldc; column += 32) {
    const wide = column + 16 < ldc;
    for (let row = 0; row < height; row++) {
      const from = plane + row * stepY;
      const to = output + (<usize>row * width) * ldc + column;
      if (width < 4) {
        for (let pixel = 0; pixel < width; pixel++) {
          onePixel(from + pixel * stepX, planeRow, filter, bias + column, to + pixel * ldc, kernelHeight, span, floor, wide);
        }
        continue;
      }
      for (let pixel = 0; pixel < width; pixel += 4) {
        // The last four overlap with those before: cheaper than one by one.
        const first = <usize>min(pixel, width - 4);
        fourPixels(from + first * stepX, planeRow, stepX, filter, bias + column, to + first * ldc, ldc, kernelHeight, span, floor, wide);
      }
    }
    filter += panel;
  }
}
