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
const WHOLE: usize = 64;
const A_EVEN: usize = 80;
const B_EVEN: usize = 96;
const C_EVEN: usize = 112;
const D_EVEN: usize = 128;
const A_ODD: usize = 144;
const B_ODD: usize = 160;
const C_ODD: usize = 176;
const D_ODD: usize = 192;
const POWERS: usize = 208;

/** Pairs of points. Among simple fractions these lose least for a window of 5; whole numbers and their inverses lose two to three times as much. */
const A: f64 = 1.0 / 3.0;
const B: f64 = 0.8;
const C: f64 = 1.25;
const D: f64 = 2.5;
const AA: f64 = (1.0 / 3.0) * (1.0 / 3.0);
const BB: f64 = 0.8 * 0.8;
const CC: f64 = 1.25 * 1.25;
const DD: f64 = 2.5 * 2.5;

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
  f32.store(f + WHOLE, <f32>(AA * BB * CC * DD));
  f32.store(f + WHOLE, <f32>(-(AA * BB * CC + AA * BB * DD + AA * CC * DD + BB * CC * DD)), 4);
  f32.store(f + WHOLE, <f32>(AA * BB + AA * CC + AA * DD + BB * CC + BB * DD + CC * DD), 8);
  f32.store(f + WHOLE, <f32>(-(AA + BB + CC + DD)), 12);
  writePair(f + A_EVEN, f + A_ODD, A, BB, CC, DD);
  writePair(f + B_EVEN, f + B_ODD, B, AA, CC, DD);
  writePair(f + C_EVEN, f + C_ODD, C, AA, BB, DD);
  writePair(f + D_EVEN, f + D_ODD, D, AA, BB, CC);
  writePowers(f + POWERS, A);
  writePowers(f + POWERS + 4, B);
  writePowers(f + POWERS + 8, C);
  writePowers(f + POWERS + 12, D);
}

/** Q and a Q, for the pair a with the squares of the other pairs. */
function writePair(even: usize, odd: usize, a: f64, p: f64, q: f64, r: f64): void {
  const zero = -p * q * r;
  const one = p * q + p * r + q * r;
  const two = -p - q - r;
  f32.store(even, <f32>zero);
  f32.store(even, <f32>one, 4);
  f32.store(even, <f32>two, 8);
  f32.store(odd, <f32>(a * zero));
  f32.store(odd, <f32>(a * one), 4);
  f32.store(odd, <f32>(a * two), 8);
  f32.store(odd, <f32>a, 12);
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

// 10 points: 0, +-1/3, +-4/5, +-5/4, +-5/2, infinity.

/** The even part of a pair's rows, Q(x^2) x^2, where Q is the product over three other pairs. */
// @ts-ignore: decorator
@inline
function even(d2: v128, d4: v128, d6: v128, d8: v128, f: usize): v128 {
  return madd(v128.load32_splat(f), d2, madd(v128.load32_splat(f, 4), d4, madd(v128.load32_splat(f, 8), d6, d8)));
}

/** The odd part, a x Q(x^2). */
// @ts-ignore: decorator
@inline
function odd(d1: v128, d3: v128, d5: v128, d7: v128, f: usize): v128 {
  return madd(v128.load32_splat(f), d1, madd(v128.load32_splat(f, 4), d3, madd(v128.load32_splat(f, 8), d5, f32x4.mul(v128.load32_splat(f, 12), d7))));
}

/** The product over all pairs, for the points 0 and infinity. */
// @ts-ignore: decorator
@inline
function whole(d0: v128, d2: v128, d4: v128, d6: v128, d8: v128, f: usize): v128 {
  return madd(v128.load32_splat(f), d0, madd(v128.load32_splat(f, 4), d2, madd(v128.load32_splat(f, 8), d4, madd(v128.load32_splat(f, 12), d6, d8))));
}

/** `count` transforms of 10 values. */
export function input10(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, f: usize): void {
  const step2 = step << 1;
  const last = toStep * 9;
  for (let i = 0; i < count; i++) {
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
    v128.store(target, whole(d0, d2, d4, d6, d8, f + WHOLE));
    const ea = even(d2, d4, d6, d8, f + A_EVEN);
    const eb = even(d2, d4, d6, d8, f + B_EVEN);
    const ec = even(d2, d4, d6, d8, f + C_EVEN);
    const ed = even(d2, d4, d6, d8, f + D_EVEN);
    s = source + step;
    const d1 = v128.load(s);
    s += step2;
    const d3 = v128.load(s);
    s += step2;
    const d5 = v128.load(s);
    s += step2;
    const d7 = v128.load(s);
    s += step2;
    v128.store(target + last, whole(d1, d3, d5, d7, v128.load(s), f + WHOLE));
    let t = target + toStep;
    let o = odd(d1, d3, d5, d7, f + A_ODD);
    v128.store(t, f32x4.add(ea, o));
    t += toStep;
    v128.store(t, f32x4.sub(ea, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, f + B_ODD);
    v128.store(t, f32x4.add(eb, o));
    t += toStep;
    v128.store(t, f32x4.sub(eb, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, f + C_ODD);
    v128.store(t, f32x4.add(ec, o));
    t += toStep;
    v128.store(t, f32x4.sub(ec, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, f + D_ODD);
    v128.store(t, f32x4.add(ed, o));
    t += toStep;
    v128.store(t, f32x4.sub(ed, o));
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
