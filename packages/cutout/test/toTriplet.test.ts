import type { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import type { ImagePreprocessing, Stamp } from "../src/index.js";
import { cropStamp, normalizeStamp, padStamp, scaleStamp, toTriplet } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

const small = makeStamp(63, 47);
const science: Stamp = { ...small, pixels: small.pixels.map((value, index) => (index % 50 === 0 ? NaN : value)) };
const template: Stamp = { ...small, pixels: small.pixels.map((value) => 2 * value - 40) };
const difference: Stamp = { ...small, pixels: small.pixels.map((value, index) => value - index) };
const stamps = { science, template, difference };

function plane(pixels: Float32Array, channel: number): Float32Array {
  return pixels.filter((_, index) => index % 3 === channel);
}

describe("toTriplet", () => {
  it("interleaves science, template and difference, each normalised and then padded", () => {
    const { size, pixels } = toTriplet(stamps);
    expect([size, pixels.length]).toEqual([63, 63 * 63 * 3]);
    [science, template, difference].forEach((stamp, channel) => {
      expect(plane(pixels, channel)).toEqual(padStamp(normalizeStamp(stamp)).pixels);
    });
    // The padding keeps its value: it comes after the norm.
    expect([...pixels.slice(-3)]).toEqual([1e-9, 1e-9, 1e-9].map(Math.fround));
  });

  it("crops the padded plane, so that the source stays in the centre", () => {
    const { size, pixels } = toTriplet(stamps, { normalization: "l2", size: 21 });
    expect([size, pixels.length]).toEqual([21, 21 * 21 * 3]);
    [science, template, difference].forEach((stamp, channel) => {
      expect(plane(pixels, channel)).toEqual(cropStamp(padStamp(normalizeStamp(stamp)), 21).pixels);
    });
    const last = plane(pixels, 1);
    expect(last.indexOf(Math.max(...last))).toBe(10 * 21 + 10);
  });

  it("centers small stamps where it is asked to", () => {
    const { pixels } = toTriplet(stamps, { normalization: "l2", size: 63, padding: "centered" });
    [science, template, difference].forEach((stamp, channel) => {
      expect(plane(pixels, channel)).toEqual(padStamp(normalizeStamp(stamp), "centered").pixels);
    });
    expect(pixels[0]).toBe(0);
  });

  it.each([
    [1, 1],
    [2, 2],
    [63, 31],
    [31, 63],
  ])("refuses %d x %d pixels, which the survey cannot have cut", (width, height) => {
    const cut = makeStamp(width, height);
    for (const padding of [{}, { padding: "centered" }] as const)
      expect(
        errorOf(() => toTriplet({ ...stamps, template: cut }, { normalization: "l2", size: 63, ...padding })),
      ).toMatchObject({ code: "stamp-size", path: "cutoutTemplate", got: `${width} x ${height}` });
  });

  it("takes the corner of a CCD, and every size between", () => {
    for (const [width, height] of [
      [32, 32],
      [32, 63],
      [43, 63],
    ]) {
      const cut = makeStamp(width, height);
      expect(toTriplet({ science: cut, template: cut, difference: cut }).size).toBe(63);
    }
  });

  it("refuses pixels that no image can have, whatever the preprocessing, and none that one can", () => {
    const whole = makeStamp();
    const holding = (value: number): Stamp => ({ ...whole, pixels: new Float32Array(whole.pixels).fill(value, 7, 9) });
    for (const preprocessing of [
      { normalization: "l2", size: 63 },
      { normalization: "l2", size: 21 },
      { normalization: "minmax", size: 21 },
    ] as const) {
      const make = (value: number) =>
        toTriplet({ science: whole, template: whole, difference: holding(value) }, preprocessing);
      for (const value of [1.1e9, -1e10, 3.4e38])
        expect(errorOf(() => make(value))).toMatchObject({
          code: "stamp-impossible",
          path: "cutoutDifference",
          got: "2 of 3969 pixels beyond",
        });
      for (const value of [50_528, -2e6, 9e8, NaN, -3.4028234663852886e38])
        expect(make(value).size).toBe(preprocessing.size);
      expect(errorOf(() => make(Infinity))).toMatchObject({ code: "stamp-infinite" });
    }
  });

  it("reports what is wrong with all three at once", () => {
    const zero = { ...small, pixels: new Float32Array(small.pixels.length) };
    const large = makeStamp(64, 64);
    const infinite = { ...small, pixels: small.pixels.map((value, index) => (index === 5 ? Infinity : value)) };
    expect(errorOf(() => toTriplet({ science: zero, template: large, difference: infinite }))).toMatchObject({
      problems: [
        {
          code: "stamp-all-zero",
          path: "cutoutScience",
          message: "cutoutScience: every unmasked pixel is 0 (got 2961 pixels)",
        },
        { code: "stamp-size", path: "cutoutTemplate" },
        { code: "stamp-infinite", path: "cutoutDifference" },
      ],
    });
  });

  it("brings each plane of whole stamps to 0 to 1 where the model wants that", () => {
    const whole = { science: makeStamp(), template: makeStamp(), difference: makeStamp() };
    whole.template.pixels[31 * 63 + 31] = -1000;
    const { size, pixels } = toTriplet(whole, { normalization: "minmax", size: 21 });
    expect([size, pixels.length]).toEqual([21, 21 * 21 * 3]);
    [whole.science, whole.template, whole.difference].forEach((stamp, channel) => {
      expect(plane(pixels, channel)).toEqual(scaleStamp(stamp, 21).pixels);
    });
    const { problems } = errorOf(() => toTriplet(stamps, { normalization: "minmax", size: 21 })) as BtsbotError;
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(
      ["cutoutScience", "cutoutTemplate", "cutoutDifference"].map((path) => `stamp-size ${path}`),
    );
  });

  it("refuses preprocessing that it does not know", () => {
    expect(() => toTriplet(stamps, { normalization: "l1", size: 63 } as unknown as ImagePreprocessing)).toThrow(
      RangeError,
    );
    for (const size of [0, 64, 20.5])
      expect(() => toTriplet(stamps, { normalization: "l2", size })).toThrow(RangeError);
  });
});
