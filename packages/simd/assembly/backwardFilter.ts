import { madd } from "./gemm";

/**
 * C[4][8] += sum over `count` of A[4] x B[8]: four channels of one pixel times eight of another, pixel after
 * pixel. The eight sums stay in registers.
 */
// @ts-ignore: decorator
@inline
function accumulate(a: usize, aStep: usize, b: usize, bStep: usize, c: usize, ldc: usize, count: i32): void {
  const c1 = c + ldc;
  const c2 = c1 + ldc;
  const c3 = c2 + ldc;
  let c00 = v128.load(c);
  let c01 = v128.load(c, 16);
  let c10 = v128.load(c1);
  let c11 = v128.load(c1, 16);
  let c20 = v128.load(c2);
  let c21 = v128.load(c2, 16);
  let c30 = v128.load(c3);
  let c31 = v128.load(c3, 16);
  for (; count > 0; count--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    a += aStep;
    b += bStep;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
}

/**
 * C += A^T B: `rows` rows of A, `m` numbers of each (a multiple of 4), and of B, `n` (a multiple of 8).
 * `aStep` and `bStep` are bytes from row to row; rows of A may overlap. C has `n` numbers a row.
 */
export function multiplyTransposed(a: usize, aStep: usize, m: i32, b: usize, bStep: usize, n: i32, rows: i32, c: usize): void {
  const ldc = (<usize>n) << 2;
  for (let row = 0; row < m; row += 4) {
    const from = a + ((<usize>row) << 2);
    const to = c + (<usize>row) * ldc;
    for (let column: usize = 0; column < ldc; column += 32) accumulate(from, aStep, b + column, bStep, to + column, ldc, rows);
  }
}

/**
 * Adds one image's share to the gradient of a convolution's filter. The window's `span` (columns times
 * channels) lies in one piece in a row of the plane, so rows of the plane, each shifted by one step from
 * pixel to pixel, are the matrix; nothing is copied. A row of each side stays in the first-level cache.
 *
 * @param plane - the input with its zeros, `planeRow` bytes a row; `stepY`, `stepX` bytes from window to window
 * @param dy - gradient of the output, `height` x `width` x `outputs` (a multiple of 8)
 * @param gradient - `kernelHeight` x `span` x `outputs`
 */
export function addFilterGradient(
  plane: usize, planeRow: usize, stepY: usize, stepX: usize,
  dy: usize, height: i32, width: i32, outputs: i32,
  gradient: usize, kernelHeight: i32, span: i32,
): void {
  const pixel = (<usize>outputs) << 2;
  const slice = (<usize>span) * pixel;
  for (let row = 0; row < height; row++) {
    for (let tap = 0; tap < kernelHeight; tap++) {
      multiplyTransposed(plane + tap * planeRow, stepX, span, dy, pixel, outputs, width, gradient + tap * slice);
    }
    plane += stepY;
    dy += (<usize>width) * pixel;
  }
}
