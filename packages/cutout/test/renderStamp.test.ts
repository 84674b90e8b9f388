import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Interval, Orientation, Stretch } from "../src/index.js";
import { renderStamp } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

const stamp = { width: 3, height: 2, pixels: Float32Array.of(0, 5, 10, NaN, 2.5, 20) };

/** Gray of a share of the range, by the documented ends 40 and 255. */
const gray = (share: number): number => Math.round(40 + 215 * share);

describe("renderStamp", () => {
  it("puts the first row on top, north up as the survey's stamps lie, pixels without data apart from all others", () => {
    expect(renderStamp(stamp, { stretch: "linear", interval: "minmax" })).toEqual({
      width: 3,
      height: 2,
      channels: 1,
      pixels: Uint8Array.of(40, gray(0.25), gray(0.5), 0, gray(0.125), 255),
      mask: Uint8Array.of(0, 0, 0, 1, 0, 0),
      limits: [0, 20],
    });
  });

  it("turns over where the last row is asked for on top", () => {
    const { pixels, mask } = renderStamp(stamp, { orientation: "first-row-bottom", interval: "minmax" });
    expect([...pixels]).toEqual([128, gray(0.125), 255, 40, gray(0.25), gray(0.5)]);
    expect([...mask]).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it("takes limits in place of an interval, and says which it drew with", () => {
    const { pixels, limits } = renderStamp(stamp, { limits: [5, 10], interval: "minmax" });
    expect([...pixels]).toEqual([40, 40, 255, 0, 40, 255]);
    expect(limits).toEqual([5, 10]);
    expect(renderStamp(stamp, { limits: [-20, 20] }).pixels[0]).toBe(gray(0.5));
  });

  it("hatches what has no data at every magnification, and never fills it", () => {
    const side = 12;
    const pixels = Float32Array.from({ length: side * side }, (_, at) => (at % side < 6 ? NaN : at));
    for (const scale of [1, 3]) {
      const drawn = renderStamp({ width: side, height: side, pixels }, { scale });
      const width = side * scale;
      const hatch = new Set<number>();
      drawn.pixels.forEach((value, at) => {
        const isMasked = at % width < width / 2;
        expect(drawn.mask[at]).toBe(isMasked ? 1 : 0);
        if (isMasked) hatch.add(value);
        else expect(value).toBeGreaterThanOrEqual(40);
      });
      expect([...hatch].sort()).toEqual([0, 128]);
      // A quarter is lines.
      const lines = drawn.pixels.filter((value, at) => drawn.mask[at] === 1 && value === 128).length;
      expect(lines / (width * width)).toBeCloseTo(1 / 8, 1);
    }
  });

  it("magnifies by repeating pixels", () => {
    const { width, height, pixels } = renderStamp(stamp, { stretch: "linear", interval: "minmax", scale: 2 });
    expect([width, height]).toEqual([6, 4]);
    const [a, b, c, d, e, f] = [0, gray(0.125), 255, 40, gray(0.25), gray(0.5)]; // The last row first.
    expect([...pixels]).toEqual([d, d, e, e, f, f, d, d, e, e, f, f, a, a, b, b, c, c, a, a, b, b, c, c]);
  });

  it.each<[Stretch, (share: number) => number]>([
    ["linear", (share) => share],
    ["asinh", (share) => Math.asinh(10 * share) / Math.asinh(10)],
    ["log", (share) => Math.log(1 + 1000 * share) / Math.log(1001)],
  ])("stretches by %s", (stretch, curve) => {
    const { pixels } = renderStamp(stamp, { stretch, interval: "minmax" });
    expect([...pixels]).toEqual([40, gray(curve(0.25)), gray(curve(0.5)), 0, gray(curve(0.125)), 255]);
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

  it("stands in a square about the source where its place is given, and is as it is otherwise", () => {
    const { width, height, mask } = renderStamp(stamp, { source: { row: 1, column: 2 } });
    expect([width, height]).toEqual([63, 63]);
    // Of its six pixels one has no data; row 1, column 2 is in the middle.
    expect(mask.filter((value) => value === 0)).toHaveLength(5);
    expect([mask[31 * 63 + 31], mask[31 * 63 + 32], mask[32 * 63 + 31]]).toEqual([0, 1, 1]);
    expect(renderStamp(stamp).width).toBe(3);
  });

  it("marks exactly what has no data, whatever the stamp, and turns over as a whole", () => {
    const value = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, -3.4028234663852886e38, 0));
    const sides = fc.record({ width: fc.integer({ min: 1, max: 7 }), height: fc.integer({ min: 1, max: 7 }) });
    const stamps = sides.chain(({ width, height }) =>
      fc
        .array(value, { minLength: width * height, maxLength: width * height })
        .map((pixels) => ({ width, height, pixels: Float32Array.from(pixels) })),
    );
    const options = fc.record({
      scale: fc.integer({ min: 1, max: 3 }),
      stretch: fc.constantFrom<Stretch>("linear", "asinh", "log"),
      interval: fc.constantFrom<Interval>("zscale", "minmax", 90),
    });
    fc.assert(
      fc.property(stamps, options, (any, how) => {
        const [up, down] = (["first-row-top", "first-row-bottom"] as const).map((orientation) =>
          renderStamp(any, { ...how, orientation }),
        );
        const { width, height } = up;
        up.pixels.forEach((gray, at) => {
          const [row, column] = [Math.floor(at / width), at % width];
          const pixel = any.pixels[Math.floor(row / how.scale) * any.width + Math.floor(column / how.scale)];
          const isAbsent = Number.isNaN(pixel) || pixel === -3.4028234663852886e38;
          expect(up.mask[at]).toBe(isAbsent ? 1 : 0);
          if (isAbsent) expect([0, 128]).toContain(gray);
          else expect(gray).toBeGreaterThanOrEqual(40);
          const turned = (height - 1 - row) * width + column;
          expect(down.mask[turned]).toBe(up.mask[at]);
          if (!isAbsent) expect(down.pixels[turned]).toBe(gray);
        });
      }),
    );
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
    expect(render(NaN, NaN)).toEqual([128, 0]);
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
    [{ orientation: "up" as unknown as Orientation }],
    [{ source: { row: 0.5, column: 3 } }],
    [{ limits: [1, 1] as const }],
    [{ limits: [2, 1] as const }],
    [{ limits: [NaN, 1] as const }],
    [{ limits: [0, Infinity] as const }],
  ])("refuses options out of range: %o", (options) => {
    expect(() => renderStamp(stamp, options)).toThrow(RangeError);
  });
});
