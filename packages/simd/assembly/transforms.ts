import { madd } from "./gemm";

/**
 * The transforms of Winograd's convolution in one dimension, on vectors of four channels. Those of two
 * dimensions are these along the columns and then along the rows.
 *
 * The points are 0, 1, 2 and 1/2 with their opposites, and infinity: all factors are exact. A row of the
 * input's matrix for the point a is the product of (x - b) over the other finite points b, which for a pair
 * is x (x +- a) Q(x^2), Q the product over the other pairs: an even part plus or minus an odd part. A row of
 * the output's matrix is the powers of the points: sums of pairs for even powers, differences for odd ones.
 */

/** Bytes of the factors that `writeFactors` writes. */
export const FACTORS: usize = 64;

/**
 * Writes the factors of the transforms to memory. A factor that stands in the code costs V8 four
 * instructions each time, a load one: the transforms are half as slow so.
 */
export function writeFactors(f: usize): void {
  f32.store(f, 5.25, 0);
  f32.store(f, -4.25, 4);
  f32.store(f, 0.25, 8);
  f32.store(f, -1.25, 12);
  f32.store(f, 0.5, 16);
  f32.store(f, -2.5, 20);
  f32.store(f, 4, 24);
  f32.store(f, -5, 28);
  f32.store(f, 2, 32);
  f32.store(f, 0.125, 36);
  f32.store(f, 8, 40);
  f32.store(f, 0.0625, 44);
  f32.store(f, 16, 48);
  f32.store(f, 0.03125, 52);
  f32.store(f, 32, 56);
}

/** `count` transforms of 8 values, `step` bytes apart, the next one `next` bytes on. */
export function input8(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  const step2 = step << 1;
  for (let i = 0; i < count; i++) {
    let s = source;
    const d0 = v128.load(s);
    s += step2;
    const d2 = v128.load(s);
    s += step2;
    const d4 = v128.load(s);
    s += step2;
    const d6 = v128.load(s);
    s = source + step;
    const d1 = v128.load(s);
    s += step2;
    const d3 = v128.load(s);
    s += step2;
    const d5 = v128.load(s);
    s += step2;
    const d7 = v128.load(s);
    let t = target;
    v128.store(t, f32x4.sub(madd(v128.load32_splat(f, 0), f32x4.sub(d2, d4), d6), d0));
    let even = madd(v128.load32_splat(f, 4), d4, f32x4.add(d2, d6));
    let odd = madd(v128.load32_splat(f, 4), d3, f32x4.add(d1, d5));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    even = madd(v128.load32_splat(f, 8), d2, madd(v128.load32_splat(f, 12), d4, d6));
    odd = madd(v128.load32_splat(f, 16), d1, madd(v128.load32_splat(f, 20), d3, f32x4.add(d5, d5)));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    even = madd(v128.load32_splat(f, 24), d2, madd(v128.load32_splat(f, 28), d4, d6));
    odd = madd(v128.load32_splat(f, 16), d5, madd(v128.load32_splat(f, 20), d3, f32x4.add(d1, d1)));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(madd(v128.load32_splat(f, 0), f32x4.sub(d3, d5), d7), d1));
    source += next;
    target += toNext;
  }
}

/** Of a pixel, with its bias, and not less than `least`; of what is still to be transformed, nothing. */
// @ts-ignore: decorator
@inline
function finish(value: v128, ends: bool, bias: v128, least: v128): v128 {
  return ends ? f32x4.pmax(f32x4.add(value, bias), least) : value;
}

/** 8 values to 4 or 6: for windows of 5 or 3. */
// @ts-ignore: decorator
@inline
function output8(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize, six: bool, ends: bool, bias: v128, least: v128): void {
  for (let i = 0; i < count; i++) {
    let s = source + step;
    let y = v128.load(s);
    s += step;
    let z = v128.load(s);
    const s1 = f32x4.add(y, z);
    const d1 = f32x4.sub(y, z);
    s += step;
    y = v128.load(s);
    s += step;
    z = v128.load(s);
    const s2 = f32x4.add(y, z);
    const d2 = f32x4.sub(y, z);
    s += step;
    y = v128.load(s);
    s += step;
    z = v128.load(s);
    const s3 = f32x4.add(y, z);
    const d3 = f32x4.sub(y, z);
    s += step;
    const last = v128.load(s);
    let t = target;
    v128.store(t, finish(f32x4.add(f32x4.add(v128.load(source), s1), f32x4.add(s2, s3)), ends, bias, least));
    t += toStep;
    v128.store(t, finish(madd(v128.load32_splat(f, 16), d3, madd(v128.load32_splat(f, 32), d2, d1)), ends, bias, least));
    t += toStep;
    v128.store(t, finish(madd(v128.load32_splat(f, 8), s3, madd(v128.load32_splat(f, 24), s2, s1)), ends, bias, least));
    t += toStep;
    if (six) {
      v128.store(t, finish(madd(v128.load32_splat(f, 36), d3, madd(v128.load32_splat(f, 40), d2, d1)), ends, bias, least));
      t += toStep;
      v128.store(t, finish(madd(v128.load32_splat(f, 44), s3, madd(v128.load32_splat(f, 48), s2, s1)), ends, bias, least));
      t += toStep;
      v128.store(t, finish(f32x4.add(madd(v128.load32_splat(f, 52), d3, madd(v128.load32_splat(f, 56), d2, d1)), last), ends, bias, least));
    } else {
      v128.store(t, finish(f32x4.add(madd(v128.load32_splat(f, 36), d3, madd(v128.load32_splat(f, 40), d2, d1)), last), ends, bias, least));
    }
    source += next;
    target += toNext;
  }
}

export function output8to4Columns(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  output8(source, step, next, target, toStep, toNext, count, f, false, false, f32x4.splat(0), f32x4.splat(0));
}

export function output8to4Rows(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize, bias: v128, least: v128): void {
  output8(source, step, next, target, toStep, toNext, count, f, false, true, bias, least);
}

export function output8to6Columns(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  output8(source, step, next, target, toStep, toNext, count, f, true, false, f32x4.splat(0), f32x4.splat(0));
}

export function output8to6Rows(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize, bias: v128, least: v128): void {
  output8(source, step, next, target, toStep, toNext, count, f, true, true, bias, least);
}
