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

// 8 points: 0, +-1, +-2, +-1/2, infinity; all coefficients are exact.

/** `count` transforms of 8 values, `step` bytes apart, the next one `next` bytes on. */
export function input8(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32): void {
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
    v128.store(t, f32x4.sub(madd(f32x4.splat(5.25), f32x4.sub(d2, d4), d6), d0));
    let even = madd(f32x4.splat(-4.25), d4, f32x4.add(d2, d6));
    let odd = madd(f32x4.splat(-4.25), d3, f32x4.add(d1, d5));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    even = madd(f32x4.splat(0.25), d2, madd(f32x4.splat(-1.25), d4, d6));
    odd = madd(f32x4.splat(0.5), d1, madd(f32x4.splat(-2.5), d3, f32x4.add(d5, d5)));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    even = madd(f32x4.splat(4), d2, madd(f32x4.splat(-5), d4, d6));
    odd = madd(f32x4.splat(0.5), d5, madd(f32x4.splat(-2.5), d3, f32x4.add(d1, d1)));
    t += toStep;
    v128.store(t, f32x4.add(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(even, odd));
    t += toStep;
    v128.store(t, f32x4.sub(madd(f32x4.splat(5.25), f32x4.sub(d3, d5), d7), d1));
    source += next;
    target += toNext;
  }
}

/** 8 values to 4 or 6: for windows of 5 or 3. */
// @ts-ignore: decorator
@inline
function output8(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32, six: bool): void {
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
    v128.store(t, f32x4.add(f32x4.add(v128.load(source), s1), f32x4.add(s2, s3)));
    t += toStep;
    v128.store(t, madd(f32x4.splat(0.5), d3, madd(f32x4.splat(2), d2, d1)));
    t += toStep;
    v128.store(t, madd(f32x4.splat(0.25), s3, madd(f32x4.splat(4), s2, s1)));
    t += toStep;
    if (six) {
      v128.store(t, madd(f32x4.splat(0.125), d3, madd(f32x4.splat(8), d2, d1)));
      t += toStep;
      v128.store(t, madd(f32x4.splat(0.0625), s3, madd(f32x4.splat(16), s2, s1)));
      t += toStep;
      v128.store(t, f32x4.add(madd(f32x4.splat(0.03125), d3, madd(f32x4.splat(32), d2, d1)), last));
    } else {
      v128.store(t, f32x4.add(madd(f32x4.splat(0.125), d3, madd(f32x4.splat(8), d2, d1)), last));
    }
    source += next;
    target += toNext;
  }
}

export function output8to4(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32): void {
  output8(source, step, next, target, toStep, toNext, count, false);
}

export function output8to6(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32): void {
  output8(source, step, next, target, toStep, toNext, count, true);
}

// 10 points: 0, +-1/3, +-4/5, +-5/4, +-5/2, infinity. Among pairs of simple fractions these lose least
// for a window of 5; whole numbers and their inverses lose two to three times as much.

const A: f64 = 1.0 / 3.0;
const B: f64 = 0.8;
const C: f64 = 1.25;
const D: f64 = 2.5;
const AA: f64 = (1.0 / 3.0) * (1.0 / 3.0);
const BB: f64 = 0.8 * 0.8;
const CC: f64 = 1.25 * 1.25;
const DD: f64 = 2.5 * 2.5;

/** The even part of a pair's rows, Q(x^2) x^2, where Q is the product over three other pairs. */
// @ts-ignore: decorator
@inline
function even(d2: v128, d4: v128, d6: v128, d8: v128, p: f64, q: f64, r: f64): v128 {
  return madd(f32x4.splat(<f32>(-p * q * r)), d2, madd(f32x4.splat(<f32>(p * q + p * r + q * r)), d4, madd(f32x4.splat(<f32>(-p - q - r)), d6, d8)));
}

/** The odd part, a x Q(x^2). */
// @ts-ignore: decorator
@inline
function odd(d1: v128, d3: v128, d5: v128, d7: v128, a: f64, p: f64, q: f64, r: f64): v128 {
  return madd(f32x4.splat(<f32>(-a * p * q * r)), d1, madd(f32x4.splat(<f32>(a * (p * q + p * r + q * r))), d3, madd(f32x4.splat(<f32>(-a * (p + q + r))), d5, f32x4.mul(f32x4.splat(<f32>a), d7))));
}

/** The product over all pairs, for the points 0 and infinity. */
// @ts-ignore: decorator
@inline
function whole(d0: v128, d2: v128, d4: v128, d6: v128, d8: v128): v128 {
  return madd(
    f32x4.splat(<f32>(AA * BB * CC * DD)), d0,
    madd(
      f32x4.splat(<f32>(-(AA * BB * CC + AA * BB * DD + AA * CC * DD + BB * CC * DD))), d2,
      madd(
        f32x4.splat(<f32>(AA * BB + AA * CC + AA * DD + BB * CC + BB * DD + CC * DD)), d4,
        madd(f32x4.splat(<f32>(-(AA + BB + CC + DD))), d6, d8),
      ),
    ),
  );
}

/** `count` transforms of 10 values. */
export function input10(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32): void {
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
    v128.store(target, whole(d0, d2, d4, d6, d8));
    const ea = even(d2, d4, d6, d8, BB, CC, DD);
    const eb = even(d2, d4, d6, d8, AA, CC, DD);
    const ec = even(d2, d4, d6, d8, AA, BB, DD);
    const ed = even(d2, d4, d6, d8, AA, BB, CC);
    s = source + step;
    const d1 = v128.load(s);
    s += step2;
    const d3 = v128.load(s);
    s += step2;
    const d5 = v128.load(s);
    s += step2;
    const d7 = v128.load(s);
    s += step2;
    v128.store(target + last, whole(d1, d3, d5, d7, v128.load(s)));
    let t = target + toStep;
    let o = odd(d1, d3, d5, d7, A, BB, CC, DD);
    v128.store(t, f32x4.add(ea, o));
    t += toStep;
    v128.store(t, f32x4.sub(ea, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, B, AA, CC, DD);
    v128.store(t, f32x4.add(eb, o));
    t += toStep;
    v128.store(t, f32x4.sub(eb, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, C, AA, BB, DD);
    v128.store(t, f32x4.add(ec, o));
    t += toStep;
    v128.store(t, f32x4.sub(ec, o));
    t += toStep;
    o = odd(d1, d3, d5, d7, D, AA, BB, CC);
    v128.store(t, f32x4.add(ed, o));
    t += toStep;
    v128.store(t, f32x4.sub(ed, o));
    source += next;
    target += toNext;
  }
}

/** A sum of four with given factors. */
// @ts-ignore: decorator
@inline
function weigh(a: v128, b: v128, c: v128, d: v128, fa: f64, fb: f64, fc: f64, fd: f64): v128 {
  return madd(f32x4.splat(<f32>fd), d, madd(f32x4.splat(<f32>fc), c, madd(f32x4.splat(<f32>fb), b, f32x4.mul(f32x4.splat(<f32>fa), a))));
}

/** 10 values to 6: for windows of 5. */
export function output10to6(source: usize, step: usize, next: usize, target: usize, toStep: usize, toNext: usize, count: i32): void {
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
    v128.store(t, f32x4.add(v128.load(source), f32x4.add(f32x4.add(sa, sb), f32x4.add(sc, sd))));
    t += toStep;
    v128.store(t, weigh(da, db, dc, dd, A, B, C, D));
    t += toStep;
    v128.store(t, weigh(sa, sb, sc, sd, AA, BB, CC, DD));
    t += toStep;
    v128.store(t, weigh(da, db, dc, dd, A * AA, B * BB, C * CC, D * DD));
    t += toStep;
    v128.store(t, weigh(sa, sb, sc, sd, AA * AA, BB * BB, CC * CC, DD * DD));
    t += toStep;
    v128.store(t, f32x4.add(weigh(da, db, dc, dd, A * AA * AA, B * BB * BB, C * CC * CC, D * DD * DD), v128.load(s)));
    source += next;
    target += toNext;
  }
}
