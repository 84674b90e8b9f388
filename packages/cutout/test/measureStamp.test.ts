import { expect, it } from "vitest";
import { measureStamp } from "../src/index.js";

it("counts, and measures the finite pixels", () => {
  const pixels = Float32Array.of(3, NaN, -10, 4, 100, NaN);
  expect(measureStamp({ width: 3, height: 2, pixels })).toEqual({
    width: 3,
    height: 2,
    nanCount: 2,
    infiniteCount: 0,
    norm: Math.sqrt(9 + 100 + 16 + 10000),
    min: -10,
    max: 100,
    median: 3.5,
  });
  expect(pixels).toEqual(Float32Array.of(3, NaN, -10, 4, 100, NaN));
  expect(measureStamp({ width: 3, height: 1, pixels: Float32Array.of(9, 1, 5) }).median).toBe(5);
});

it("has no range for a stamp without finite pixels, and an infinite norm for infinite ones", () => {
  const none = { min: NaN, max: NaN, median: NaN };
  expect(measureStamp({ width: 2, height: 1, pixels: Float32Array.of(NaN, NaN) })).toMatchObject({
    ...none,
    nanCount: 2,
    norm: 0,
  });
  expect(measureStamp({ width: 2, height: 1, pixels: Float32Array.of(-Infinity, Infinity) })).toMatchObject({
    ...none,
    infiniteCount: 2,
    norm: Infinity,
  });
});
