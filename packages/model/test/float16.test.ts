import { describe, expect, it } from "vitest";
import { decodeFloat16, encodeFloat16 } from "../src/float16.js";

/** All numbers of half precision, by their bits. */
const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

const encode = (...values: number[]): number[] => [...encodeFloat16(Float32Array.from(values))];
const decode = (...bits: number[]): number[] => [...decodeFloat16(Uint16Array.from(bits))];

describe("half precision", () => {
  it("goes to float32 and back without a change, every number of it", () => {
    const values = decodeFloat16(ALL);
    const again = encodeFloat16(values);
    const changed = [...ALL].filter((bits) =>
      Number.isNaN(values[bits]) ? !Number.isNaN(decode(again[bits])[0]) : again[bits] !== bits,
    );
    expect(changed).toEqual([]);
    // 2 times 1023 of the patterns are NaN (IEEE 754-2008, table 3.5).
    expect(values.filter(Number.isNaN)).toHaveLength(2046);
  });

  it("has the values of the standard", () => {
    expect(decode(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555)).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      0.333251953125,
    ]);
    expect(decode(0x7c00, 0xfc00)).toEqual([Infinity, -Infinity]);
    expect(decode(0x8000).map((value) => Object.is(value, -0))).toEqual([true]);
  });

  it("takes the nearest, and of two as near the even one", () => {
    // From 2048 on numbers are 2 apart.
    expect(decode(...encode(2049, 2051, 2049.5, -2051))).toEqual([2048, 2052, 2050, -2052]);
    expect(decode(...encode(2 ** -25, 2 ** -25 + 2 ** -40, 3 * 2 ** -25, 2 ** -26))).toEqual([
      0,
      2 ** -24,
      2 ** -23,
      0,
    ]);
    // Up over a power of two, from the subnormal numbers to the normal ones, and beyond the largest.
    expect(decode(...encode(4095.9, 2 ** -14 - 2 ** -30, 65519.99, 65520, -1e9, NaN))).toEqual([
      4096,
      2 ** -14,
      65504,
      Infinity,
      -Infinity,
      NaN,
    ]);
  });

  it("is never further away than half a step, over all magnitudes", () => {
    for (let exponent = -24; exponent < 16; exponent++) {
      for (let step = 0; step < 500; step++) {
        const value = Math.fround(2 ** exponent * (1 + step / 500));
        if (value > 65504) continue;
        const off = Math.abs(decode(...encode(value))[0] - value);
        expect(off, String(value)).toBeLessThanOrEqual(2 ** (Math.max(exponent, -14) - 11));
      }
    }
  });
});
