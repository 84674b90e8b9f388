import { endOf, ENTRY, firstOf, isNearlyFull, listBytes } from "./channels";
import { madd } from "./gemm";

/**
 * Products of many small matrices, one for each point of a tile. Tiles are taken four at a time: a line holds
 * four channels of each of them, so that what the product of a point reads is lines at equal steps.
 */

/** Four channels of four tiles, in bytes. */
export const LINE: usize = 64;
/** Tiles of a line. */
export const GROUP = 4;

/**
 * The product of a point, of `tiles` tiles.
 *
 * @param v - the first line of the tiles; `inner` lines make a group, `vStep` bytes apart
 * @param list - the list of channels of the first group; those of the others follow
 * @param u - the matrix of the kernel: panels of eight filters, each `inner` times four channels
 * @param m - the first line of the result; `outer` lines make a group, `mStep` bytes apart
 * @returns where the next matrix of the kernel begins
 */
export function multiplyLines(v: usize, vStep: usize, list: usize, u: usize, m: usize, mStep: usize, tiles: i32, inner: usize, outer: usize): usize {
  for (let filter: usize = 0; filter < outer; filter += 2) {
    const wide = filter + 1 < outer;
    let from = v;
    let to = m + filter * mStep;
    let at = list;
    for (let tile = 0; tile < tiles; tile += GROUP) {
      // The last group of an image is often one tile or two.
      if (tile + 1 === tiles) accumulateFew(from, at, u, to, mStep, wide, false);
      else if (tile + 2 === tiles) accumulateFew(from, at, u, to, mStep, wide, true);
      else accumulate(from, vStep, at, u, inner, 0, to, mStep, wide);
      from += inner * vStep;
      to += outer * mStep;
      at += listBytes(inner);
    }
    u += inner << 7;
  }
  return u;
}

/**
 * The same for a complex point: lines of real parts, imaginary parts and sums in, of real and imaginary parts out.
 * The kernel's three matrices lie panel by panel: c, -(c + d) and d - c for c + d i.
 *
 * @param last - channels of the last line, 0 for all four
 */
export function multiplyComplexLines(v: usize, vStep: usize, list: usize, u: usize, m: usize, mStep: usize, tiles: i32, inner: usize, outer: usize, last: usize): usize {
  const panel = inner << 7;
  const vNext = inner * vStep;
  const mNext = outer * mStep;
  const next = listBytes(inner);
  for (let filter: usize = 0; filter < outer; filter += 2) {
    const wide = filter + 1 < outer;
    const re = m + filter * mStep;
    if (inner === 1) {
      for (let tile = 0, from = v, to = re; tile < tiles; tile += GROUP, from += vNext, to += mNext) {
        accumulateShort(from, u, panel, last, to, mStep, wide);
      }
      u += 3 * panel;
      continue;
    }
    // Part after part for all tiles: that of a tile need not wait for the end of the sums that it adds to.
    for (let tile = 0, from = v + 2 * LINE, im = re + LINE, at = list; tile < tiles; tile += GROUP, from += vNext, im += mNext, at += next) {
      accumulate(from, vStep, at, u, inner, 0, im, mStep, wide);
    }
    for (let tile = 0, from = v + LINE, to = re, at = list; tile < tiles; tile += GROUP, from += vNext, to += mNext, at += next) {
      accumulate(from, vStep, at, u + panel, inner, to + LINE, to, mStep, wide);
    }
    for (let tile = 0, from = v, im = re + LINE, at = list; tile < tiles; tile += GROUP, from += vNext, im += mNext, at += next) {
      accumulate(from, vStep, at, u + 2 * panel, inner, im, im, mStep, wide);
    }
    u += 3 * panel;
  }
  return u;
}

/**
 * C = D + A B for four rows, whose numbers lie in lines of four columns of each, `aStep` bytes apart, and eight columns
 * of B, of which C and D have lines of four, `cStep` bytes apart. `inner` lines of A, of which the columns on the list count; D is nothing at 0.
 */
// @ts-ignore: decorator
@inline
function accumulate(a: usize, aStep: usize, list: usize, b: usize, inner: usize, d: usize, c: usize, cStep: usize, wide: bool): void {
  let c00 = d ? v128.load(d) : f32x4.splat(0);
  let c10 = d ? v128.load(d, 16) : f32x4.splat(0);
  let c20 = d ? v128.load(d, 32) : f32x4.splat(0);
  let c30 = d ? v128.load(d, 48) : f32x4.splat(0);
  let c01 = d && wide ? v128.load(d + cStep) : f32x4.splat(0);
  let c11 = d && wide ? v128.load(d + cStep, 16) : f32x4.splat(0);
  let c21 = d && wide ? v128.load(d + cStep, 32) : f32x4.splat(0);
  let c31 = d && wide ? v128.load(d + cStep, 48) : f32x4.splat(0);
  let b0: v128;
  let b1: v128;
  let x: v128;
  if (isNearlyFull(list, inner)) {
    // Four columns of A a turn. Between them stands a comparison that never holds: it ends a block of instructions, of which V8
    // loads all numbers first, and those of one column are all that registers hold.
    const end = b + (inner << 7);
    const next = aStep - 12;
    while (true) {
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      x = v128.load32_splat(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a, 32);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a, 48);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += 4;
      if (a === 0) break;
      b0 = v128.load(b, 32);
      b1 = v128.load(b, 48);
      x = v128.load32_splat(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a, 32);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a, 48);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += 4;
      if (a === 0) break;
      b0 = v128.load(b, 64);
      b1 = v128.load(b, 80);
      x = v128.load32_splat(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a, 32);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a, 48);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += 4;
      if (a === 0) break;
      b0 = v128.load(b, 96);
      b1 = v128.load(b, 112);
      x = v128.load32_splat(a);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(a, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(a, 32);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(a, 48);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
      a += next;
      b += 128;
      if (b >= end) break;
    }
  } else {
    const end = endOf(list);
    for (let at = firstOf(list); at < end; at += ENTRY) {
      const from = a + load<usize>(at);
      const row = b + load<usize>(at, 4);
      b0 = v128.load(row);
      b1 = v128.load(row, 16);
      x = v128.load32_splat(from);
      c00 = madd(x, b0, c00);
      c01 = madd(x, b1, c01);
      x = v128.load32_splat(from, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
      x = v128.load32_splat(from, 32);
      c20 = madd(x, b0, c20);
      c21 = madd(x, b1, c21);
      x = v128.load32_splat(from, 48);
      c30 = madd(x, b0, c30);
      c31 = madd(x, b1, c31);
    }
  }
  v128.store(c, c00);
  v128.store(c, c10, 16);
  v128.store(c, c20, 32);
  v128.store(c, c30, 48);
  if (wide) {
    c += cStep;
    v128.store(c, c01);
    v128.store(c, c11, 16);
    v128.store(c, c21, 32);
    v128.store(c, c31, 48);
  }
}

/** The same for the first row, or the first `two`, with D nothing, in the same order: what an alert gets is not to depend on those beside it. */
// @ts-ignore: decorator
@inline
function accumulateFew(a: usize, list: usize, b: usize, c: usize, cStep: usize, wide: bool, two: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  const end = endOf(list);
  for (let at = firstOf(list); at < end; at += ENTRY) {
    const from = a + load<usize>(at);
    const row = b + load<usize>(at, 4);
    const b0 = v128.load(row);
    const b1 = v128.load(row, 16);
    let x = v128.load32_splat(from);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    if (two) {
      x = v128.load32_splat(from, 16);
      c10 = madd(x, b0, c10);
      c11 = madd(x, b1, c11);
    }
  }
  v128.store(c, c00);
  if (two) v128.store(c, c10, 16);
  if (wide) {
    v128.store(c + cStep, c01);
    if (two) v128.store(c + cStep, c11, 16);
  }
}

/**
 * A complex point of four rows and eight columns of up to four channels: all three parts in one go, since with so few
 * channels storing and loading sums takes longer than making them.
 */
// @ts-ignore: decorator
@inline
function accumulateShort(a: usize, b: usize, panel: usize, last: usize, re: usize, cStep: usize, wide: bool): void {
  let c00 = f32x4.splat(0);
  let c10 = c00;
  let c20 = c00;
  let c30 = c00;
  let c01 = c00;
  let c11 = c00;
  let c21 = c00;
  let c31 = c00;
  const length = last > 0 ? last << 2 : 16;
  let from = a + 2 * LINE;
  let at = b;
  for (const end = from + length; from < end; from += 4, at += 32) {
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    let x = v128.load32_splat(from);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load32_splat(from, 16);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load32_splat(from, 32);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load32_splat(from, 48);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
  }
  addRows(a + LINE, b + panel, length, c00, c10, c01, c11, re, cStep, wide);
  addRows(a + LINE + 32, b + panel, length, c20, c30, c21, c31, re + 32, cStep, wide);
  addRows(a, b + 2 * panel, length, c00, c10, c01, c11, re + LINE, cStep, wide);
  addRows(a + 32, b + 2 * panel, length, c20, c30, c21, c31, re + LINE + 32, cStep, wide);
}

/** C = D + A B for two rows and eight columns. */
// @ts-ignore: decorator
@inline
function addRows(a: usize, b: usize, length: usize, d00: v128, d10: v128, d01: v128, d11: v128, c: usize, cStep: usize, wide: bool): void {
  for (const end = a + length; a < end; a += 4, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    d00 = madd(x, b0, d00);
    d01 = madd(x, b1, d01);
    x = v128.load32_splat(a, 16);
    d10 = madd(x, b0, d10);
    d11 = madd(x, b1, d11);
  }
  v128.store(c, d00);
  v128.store(c, d10, 16);
  if (wide) {
    v128.store(c + cStep, d01);
    v128.store(c + cStep, d11, 16);
  }
}
