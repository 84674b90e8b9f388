/**
 * Matrix products. Every function works on memory that the caller owns: this module has no data of its own.
 *
 * A is row after row, `lda` bytes apart. B is packed in panels of 8 columns: for each panel its rows, 8
 * numbers each. C is row after row, `ldc` bytes apart.
 */

/** `a * b + c`: one rounding where the machine has it (relaxed SIMD), else two. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Four rows by eight columns: eight sums stay in registers, one k a turn (more makes V8 spill). */
// @ts-ignore: decorator
@inline
function kernel4(a: usize, lda: usize, b: usize, c: usize, ldc: usize, k: usize, bias: usize, least: v128, wide: bool): void {
  let a1 = a + lda;
  let a2 = a1 + lda;
  let a3 = a2 + lda;
  let c00 = v128.load(bias);
  let c01 = v128.load(bias, 16);
  let c10 = c00;
  let c11 = c01;
  let c20 = c00;
  let c21 = c01;
  let c30 = c00;
  let c31 = c01;
  const end = b + (k << 5);
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
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
    b += 32;
    a += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
  }
  const d1 = c + ldc;
  const d2 = d1 + ldc;
  const d3 = d2 + ldc;
  c00 = f32x4.pmax(c00, least);
  c10 = f32x4.pmax(c10, least);
  c20 = f32x4.pmax(c20, least);
  c30 = f32x4.pmax(c30, least);
  c01 = f32x4.pmax(c01, least);
  c11 = f32x4.pmax(c11, least);
  c21 = f32x4.pmax(c21, least);
  c31 = f32x4.pmax(c31, least);
  v128.store(c, c00);
  v128.store(d1, c10);
  v128.store(d2, c20);
  v128.store(d3, c30);
  if (wide) {
    v128.store(c, c01, 16);
    v128.store(d1, c11, 16);
    v128.store(d2, c21, 16);
    v128.store(d3, c31, 16);
  }
}

/** One row by eight columns, for the rows that are left. */
// @ts-ignore: decorator
@inline
function kernel1(a: usize, b: usize, c: usize, k: usize, bias: usize, least: v128, wide: bool): void {
  let c0 = v128.load(bias);
  let c1 = v128.load(bias, 16);
  const end = b + (k << 5);
  while (b < end) {
    const x = v128.load32_splat(a);
    c0 = madd(x, v128.load(b), c0);
    c1 = madd(x, v128.load(b, 16), c1);
    b += 32;
    a += 4;
  }
  c0 = f32x4.pmax(c0, least);
  c1 = f32x4.pmax(c1, least);
  v128.store(c, c0);
  if (wide) v128.store(c, c1, 16);
}

/**
 * C = max(A B + bias, least): `bias` holds a multiple of 8 numbers, and `least` is 0 for ReLU, -Infinity
 * for none. `n` is a multiple of 4.
 */
export function multiplyAdd(
  a: usize, lda: usize, b: usize, bias: usize, c: usize, ldc: usize, m: usize, n: usize, k: usize, least: f32,
): void {
  const floor = f32x4.splat(least);
  for (let column: usize = 0; column < n; column += 8) {
    const wide = column + 4 < n;
    const at = bias + (column << 2);
    let row: usize = 0;
    let from = a;
    let to = c + (column << 2);
    for (; row + 4 <= m; row += 4) {
      kernel4(from, lda, b, to, ldc, k, at, floor, wide);
      from += lda << 2;
      to += ldc << 2;
    }
    for (; row < m; row++) {
      kernel1(from, b, to, k, at, floor, wide);
      from += lda;
      to += ldc;
    }
    b += k << 5;
  }
}
