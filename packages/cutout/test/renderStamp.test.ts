import { describe, expect, it } from "vitest";
import type { Interval, Stretch } from "../src/index.js";
import { renderStamp } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

const stamp = { width: 3, height: 2, pixels: Float32Array.of(0, 5, 10, NaN, 2.5, 20) };

/** Gray of a share of the range, by the documented ends 40 and 255. */
const gray = (share: number): number => Math.round(40 + 215 * share);

describe("renderStamp", () => {
  it("puts the last row on top, masked pixels apart from all others", () => {
    expect(renderStamp(stamp, { stretch: "linear", interval: "minmax" })).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      pixels: Uint8Array.of(0, gray(0.125), 255, 40, gray(0.25), gray(0.5)),
    });
  });

  it("magnifies by repeating pixels", () => {
    const { width, height, pixels } = renderStamp(stamp, { stretch: "linear", interval: "minmax", scale: 2 });
    expect([width, height]).toEqual([6, 4]);
    const [a, b, c, d, e, f] = [0, gray(0.125), 255, 40, gray(0.25), gray(0.5)];
    expect([...pixels]).toEqual([a, a, b, b, c, c, a, a, b, b, c, c, d, d, e, e, f, f, d, d, e, e, f, f]);
  });

  it.each<[Stretch, (share: number) => number]>([
    ["linear", (share) => share],
    ["asinh", (share) => Math.asinh(10 * share) / Math.asinh(10)],
    ["log", (share) => Math.log(1 + 1000 * share) / Math.log(1001)],
  ])("stretches by %s", (stretch, curve) => {
    const { pixels } = renderStamp(stamp, { stretch, interval: "minmax" });
    expect([...pixels]).toEqual([0, gray(curve(0.125)), 255, 40, gray(curve(0.25)), gray(curve(0.5))]);
  });

  it("cuts at the ends of a central percentage", () => {
    const ramp = { width: 101, height: 1, pixels: Float32Array.from({ length: 101 }, (_, index) => index) };
    const { pixels } = renderStamp(ramp, { stretch: "linear", interval: 80 });
    expect([pixels[10], pixels[11], pixels[50], pixels[89], pixels[90]]).toEqual([
      40,
      gray(1 / 80),
      gray(0.5),
      gray(79 / 80),
      255,
    ]);
    expect([pixels[0], pixels[100]]).toEqual([40, 255]);
  });

  it("shows a source by default", () => {
    const { pixels } = renderStamp(makeStamp());
    expect(pixels[31 * 63 + 31]).toBe(255);
    expect(new Set(pixels.subarray(0, 63)).size).toBeGreaterThan(10);
  });

  it("is flat where there is nothing to see, and clips what is infinite", () => {
    const render = (...values: readonly number[]) => [
      ...renderStamp({ width: values.length, height: 1, pixels: Float32Array.from(values) }, { interval: "minmax" })
        .pixels,
    ];
    expect(render(7, 7, NaN)).toEqual([gray(0.5), gray(0.5), 0]);
    expect(render(NaN, NaN)).toEqual([0, 0]);
    expect(render(0, Infinity, -Infinity, 10)).toEqual([40, 255, 40, 255]);
    // The least float32 stands for a mask in some reference images.
    expect(render(0, -3.4028234663852886e38, 10)).toEqual([40, 0, 255]);
  });

  it.each([
    [0, 0],
    [0, 100_000_000],
    [100_000_000, 0],
  ])("refuses a stamp of %i x %i pixels", (width, height) => {
    expect(() => renderStamp({ width, height, pixels: new Float32Array(0) })).toThrow(
      new RangeError(`pixels: expected at least one, got ${width} x ${height}`),
    );
  });

  it.each([
    [{ scale: 0 }],
    [{ scale: 1.5 }],
    [{ interval: 0 }],
    [{ interval: 101 }],
    [{ interval: NaN }],
    [{ interval: "sigma" as unknown as Interval }],
    [{ stretch: "toString" as unknown as Stretch }],
  ])("refuses options out of range: %o", (options) => {
    expect(() => renderStamp(stamp, options)).toThrow(RangeError);
  });
});
