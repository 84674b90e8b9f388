import { expect, it } from "vitest";
import { cropStamp, measureStamp } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

/** 63 x 63 pixels that count up, so that each says where it was. */
const counting = { width: 63, height: 63, pixels: Float32Array.from({ length: 3969 }, (_, index) => index) };

it.each([
  [63, 0],
  [62, 0],
  [40, 11],
  [21, 21],
  [2, 30],
  [1, 31],
])("keeps %i pixels on a side from row and column %i on", (n, first) => {
  const { pixels, ...sides } = cropStamp(counting, n);
  expect(sides).toEqual({ width: n, height: n });
  const kept = Array.from({ length: n * n }, (_, index) => (first + Math.floor(index / n)) * 63 + first + (index % n));
  const norm = Math.sqrt(kept.reduce((sum, value) => sum + value * value, 0));
  expect(pixels).toEqual(Float32Array.from(kept, (value) => value / norm));
});

it("keeps the source's pixel at floor(n / 2) and normalises again", () => {
  for (const n of [7, 8, 31, 32]) {
    const cropped = cropStamp(makeStamp(), n);
    const middle = Math.floor(n / 2) * n + Math.floor(n / 2);
    expect(cropped.pixels.indexOf(Math.max(...cropped.pixels))).toBe(middle);
    expect(Math.abs(measureStamp(cropped).norm - 1)).toBeLessThan(1e-7);
  }
});

it("refuses a size that is not there, and an inside that is empty", () => {
  for (const n of [0, -1, 64, 2.5, NaN]) expect(() => cropStamp(counting, n)).toThrow(RangeError);
  const hollow = makeStamp();
  hollow.pixels[31 * 63 + 31] = 0;
  expect(errorOf(() => cropStamp(hollow, 1))).toMatchObject({ code: "stamp-all-zero" });
});
