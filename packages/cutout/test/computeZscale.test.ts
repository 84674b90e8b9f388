import { describe, expect, it } from "vitest";
import { computeZscale } from "../src/index.js";

const of = (pixels: ArrayLike<number>) => ({ width: pixels.length, height: 1, pixels: Float32Array.from(pixels) });
const ramp = Array.from({ length: 101 }, (_, index) => index);

describe("computeZscale", () => {
  it("takes the whole range of a straight line, whatever its order", () => {
    expect(computeZscale(of(ramp))).toEqual([0, 100]);
    expect(computeZscale(of([...ramp].sort((a, b) => ((a * 37) % 101) - ((b * 37) % 101))))).toEqual([0, 100]);
  });

  it("rejects bright sources: the slope of the sky, four times steeper, through the median", () => {
    // 951 values of slope 1 and 50 bright ones: the median is the 501st value, 500, and the line through it
    // rises by 4 a rank. Below it meets the least value first; above, 500 ranks on, the brightest is far.
    const sky = Array.from({ length: 951 }, (_, index) => index);
    const [low, high] = computeZscale({
      width: 7,
      height: 143,
      pixels: Float32Array.from([...sky.slice(0, 951), ...Array.from({ length: 50 }, () => 1e6)]),
    });
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(2400);
    expect(high).toBeLessThan(2600);
  });

  it("takes the whole range where most pixels are outliers, or too few are there", () => {
    expect(computeZscale(of([1, 5, 9]))).toEqual([1, 9]);
    expect(computeZscale(of([7]))).toEqual([7, 7]);
    expect(computeZscale(of(new Float32Array(50).fill(3)))).toEqual([3, 3]);
  });

  it("leaves out what is not finite", () => {
    expect(computeZscale(of([NaN, ...ramp, Infinity, -Infinity]))).toEqual([0, 100]);
    expect(computeZscale(of([NaN, NaN]))).toEqual([NaN, NaN]);
    expect(computeZscale(of([]))).toEqual([NaN, NaN]);
  });

  it("samples a large stamp evenly, its far end included", () => {
    const [low, high] = computeZscale(of(Array.from({ length: 5000 }, (_, index) => index)));
    expect([low, high]).toEqual([0, 4995]);
  });
});
