import { madd } from "./gemm";

/**
 * The transforms of Winograd's convolution in one dimension, on vectors of four channels. Those of two
 * dimensions are these along the columns and then along the rows.
 *
 * The points are 0, pairs of +a and -a, and infinity. A row of the input's matrix for the point a is the
 * product of (x - b) over the other finite points b, which for a pair is x (x +- a) Q(x^2), Q the product
 * over the other pairs: an even part plus or minus an odd part. A row of the output's matrix is the powers
 * of the points: sums of pairs for even powers, differences for odd ones.
 */

/** Bytes of the factors that `writeFactors` writes. */
export const FACTORS: usize = 512;

// Where the factors of 10 points lie among them.
const SUM_A: usize = 64;
const SUM_B: usize = 68;
const SQUARES: usize = 72;
const ODD: usize = 88;
const POWERS: usize = 208;

/**
 * Pairs of points: a and its inverse, b and its inverse. That halves the factors, as (x^2 - a^2)(x^2 - 1/a^2)
 * is x^4 - (a^2 + 1/a^2) x^2 + 1; and among simple fractions these lose least for a window of 5: whole
 * numbers and their inverses lose two to three times as much.
 */
const A: f64 = 1.0 / 3.0;
const B: f64 = 3.0 / 4.0;

/**
 * Writes the factors of the transforms to memory. A factor that stands in the code costs V8 four
 * instructions each time, a load one: the transforms are half as slow so.
 */
export function writeFactors(f: usize): void {
  // 8 points.
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
  // 10 points.
  f32.store(f + SUM_A, <f32>(-A * A - 1.0 / (A * A)));
  f32.store(f + SUM_B, <f32>(-B * B - 1.0 / (B * B)));
  writePoint(f, 0, A);
  writePoint(f, 4, 1.0 / A);
  writePoint(f, 8, B);
  writePoint(f, 12, 1.0 / B);
}

/** The factors of a point and its opposite. */
function writePoint(f: usize, place: usize, a: f64): void {
  f32.store(f + SQUARES + place, <f32>(-1.0 / (a * a)));
  f32.store(f + ODD + 2 * place, <f32>a);
  f32.store(f + ODD + 2 * place, <f32>(-1.0 / a), 4);
  writePowers(f + POWERS + place, a);
}

/** The first to the fifth power, each with those of the other pairs. */
function writePowers(f: usize, a: f64): void {
  let power = a;
  for (let i = 0; i < 5; i++) {
    f32.store(f, <f32>power);
    power *= a;
    f += 16;
  }
}

// 8 points: 0, +-1, +-2, +-1/2, infinity; all coefficients are exact.

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

// 10 points: 0, +-1/3, +-3, +-3/4, +-4/3, infinity.

/** Q(x^2) of an odd part, times its point: the later of two terms and the earlier. */
// @ts-ignore: decorator
@inline
function odd(later: v128, earlier: v128, f: usize): v128 {
  return madd(v128.load32_splat(f), later, f32x4.mul(v128.load32_splat(f, 4), earlier));
}

/** `count` transforms of 10 values. */
export function input10(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  const step2 = step << 1;
  const last = toStep * 9;
  for (let i = 0; i < count; i++) {
    const sumA = v128.load32_splat(f, 64);
    const sumB = v128.load32_splat(f, 68);
    let s = source;
    const d0 = v128.load(s);
    s += step2;
    const d2 = v128.load(s);
    s += step2;
    const d4 = v128.load(s);
    s += step2;
    const d6 = v128.load(s);
    s += step2;
    const d8 = v128.load(s);
    // Products with one pair and its inverse, from the second and third value on.
    const a2 = madd(sumA, d4, f32x4.add(d2, d6));
    const a4 = madd(sumA, d6, f32x4.add(d4, d8));
    const b2 = madd(sumB, d4, f32x4.add(d2, d6));
    const b4 = madd(sumB, d6, f32x4.add(d4, d8));
    v128.store(target, madd(sumB, a2, f32x4.add(a4, madd(sumA, d2, f32x4.add(d0, d4)))));
    s = source + step;
    const d1 = v128.load(s);
    s += step2;
    const d3 = v128.load(s);
    s += step2;
    const d5 = v128.load(s);
    s += step2;
    const d7 = v128.load(s);
    s += step2;
    const d9 = v128.load(s);
    const a1 = madd(sumA, d3, f32x4.add(d1, d5));
    const a3 = madd(sumA, d5, f32x4.add(d3, d7));
    const b1 = madd(sumB, d3, f32x4.add(d1, d5));
    const b3 = madd(sumB, d5, f32x4.add(d3, d7));
    v128.store(target + last, madd(sumB, a3, f32x4.add(a1, madd(sumA, d7, f32x4.add(d5, d9)))));
    let t = target + toStep;
    let e = madd(v128.load32_splat(f, 72), b2, b4);
    let o = odd(b3, b1, f + ODD);
    v128.store(t, f32x4.add(e, o));
    t += toStep;
    v128.store(t, f32x4.sub(e, o));
    t += toStep;
    e = madd(v128.load32_splat(f, 76), b2, b4);
    o = odd(b3, b1, f + ODD + 8);
    v128.store(t, f32x4.add(e, o));
    t += toStep;
    v128.store(t, f32x4.sub(e, o));
    t += toStep;
    e = madd(v128.load32_splat(f, 80), a2, a4);
    o = odd(a3, a1, f + ODD + 16);
    v128.store(t, f32x4.add(e, o));
    t += toStep;
    v128.store(t, f32x4.sub(e, o));
    t += toStep;
    e = madd(v128.load32_splat(f, 84), a2, a4);
    o = odd(a3, a1, f + ODD + 24);
    v128.store(t, f32x4.add(e, o));
    t += toStep;
    v128.store(t, f32x4.sub(e, o));
    source += next;
    target += toNext;
  }
}

/** A sum of four, each with its factor. */
// @ts-ignore: decorator
@inline
function weigh(a: v128, b: v128, c: v128, d: v128, f: usize): v128 {
  return madd(v128.load32_splat(f, 12), d, madd(v128.load32_splat(f, 8), c, madd(v128.load32_splat(f, 4), b, f32x4.mul(v128.load32_splat(f), a))));
}

/** 10 values to 6: for windows of 5. */
// @ts-ignore: decorator
@inline
function output10(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize, ends: bool, bias: v128, least: v128): void {
  for (let i = 0; i < count; i++) {
    let s = source + step;
    let y = v128.load(s);
    s += step;
    let z = v128.load(s);
    s += step;
    const sa = f32x4.add(y, z);
    const da = f32x4.sub(y, z);
    y = v128.load(s);
    s += step;
    z = v128.load(s);
    s += step;
    const sb = f32x4.add(y, z);
    const db = f32x4.sub(y, z);
    y = v128.load(s);
    s += step;
    z = v128.load(s);
    s += step;
    const sc = f32x4.add(y, z);
    const dc = f32x4.sub(y, z);
    y = v128.load(s);
    s += step;
    z = v128.load(s);
    s += step;
    const sd = f32x4.add(y, z);
    const dd = f32x4.sub(y, z);
    let t = target;
    v128.store(t, finish(f32x4.add(v128.load(source), f32x4.add(f32x4.add(sa, sb), f32x4.add(sc, sd))), ends, bias, least));
    t += toStep;
    v128.store(t, finish(weigh(da, db, dc, dd, f + POWERS), ends, bias, least));
    t += toStep;
    v128.store(t, finish(weigh(sa, sb, sc, sd, f + POWERS + 16), ends, bias, least));
    t += toStep;
    v128.store(t, finish(weigh(da, db, dc, dd, f + POWERS + 32), ends, bias, least));
    t += toStep;
    v128.store(t, finish(weigh(sa, sb, sc, sd, f + POWERS + 48), ends, bias, least));
    t += toStep;
    v128.store(t, finish(f32x4.add(weigh(da, db, dc, dd, f + POWERS + 64), v128.load(s)), ends, bias, least));
    source += next;
    target += toNext;
  }
}

export function output10Columns(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  output10(source, step, next, target, toStep, toNext, count, f, false, f32x4.splat(0), f32x4.splat(0));
}

export function output10Rows(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize, bias: v128, least: v128): void {
  output10(source, step, next, target, toStep, toNext, count, f, true, bias, least);
}
