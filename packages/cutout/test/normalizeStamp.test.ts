import { describe, expect, it } from "vitest";
import { measureStamp, normalizeStamp } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

const of = (...pixels: readonly number[]) => ({ width: pixels.length, height: 1, pixels: Float32Array.from(pixels) });

describe("normalizeStamp", () => {
  it("divides by the norm, masked pixels being 0", () => {
    const stamp = makeStamp(63, 50);
    stamp.pixels.fill(NaN, 100, 300);
    const before = stamp.pixels.slice();
    const { width, height, pixels } = normalizeStamp(stamp);
    expect([width, height]).toEqual([63, 50]);
    const norm = Math.sqrt(stamp.pixels.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value ** 2), 0));
    expect(pixels).toEqual(Float32Array.from(stamp.pixels, (value) => (Number.isNaN(value) ? 0 : value / norm)));
    expect(Math.abs(measureStamp({ width, height, pixels }).norm - 1)).toBeLessThan(1e-7);
    expect(stamp.pixels).toEqual(before);
  });

  it("sums in float64: what float32 could not square neither overflows nor vanishes", () => {
    const half = Math.fround(Math.SQRT1_2);
    expect(normalizeStamp(of(3.4e38, 3.4e38)).pixels).toEqual(Float32Array.of(half, half));
    expect(normalizeStamp(of(1e-45, 1e-45)).pixels).toEqual(Float32Array.of(half, half));
  });

  it.each([
    ["stamp-infinite", of(1, Infinity, NaN), "1 of 3 pixels"],
    ["stamp-infinite", of(1, -Infinity, Infinity), "2 of 3 pixels"],
    ["stamp-all-nan", of(NaN, NaN), "2 pixels"],
    ["stamp-all-zero", of(0, -0), "2 pixels"],
    ["stamp-all-zero", of(0, NaN, 0), "2 pixels"],
    ["stamp-size", of(), undefined],
  ])("refuses what training would have made NaN or nothing: %s", (code, stamp, got) => {
    expect(errorOf(() => normalizeStamp(stamp))).toMatchObject(got === undefined ? { code } : { code, got });
  });
});
