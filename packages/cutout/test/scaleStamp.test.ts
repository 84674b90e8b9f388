import { describe, expect, it } from "vitest";
import type { Stamp } from "../src/index.js";
import { scaleStamp } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

/** A whole stamp whose pixel is `row * 63 + column`, changed as asked. */
function ramp(change: (value: number, row: number, column: number) => number = (value) => value): Stamp {
  const pixels = Float32Array.from({ length: 63 * 63 }, (_, i) => change(i, Math.floor(i / 63), i % 63));
  return { width: 63, height: 63, pixels };
}

const inside = (place: number) => place >= 21 && place < 42;

describe("scaleStamp", () => {
  it("keeps rows and columns 21 to 41 and takes the range of these alone", () => {
    const { width, height, pixels } = scaleStamp(
      ramp((value, row) => (inside(row) ? value : -1e9)),
      21,
    );
    expect([width, height]).toEqual([21, 21]);
    const [least, greatest] = [21 * 63 + 21, 41 * 63 + 41];
    expect(pixels).toEqual(
      Float32Array.from(
        { length: 441 },
        (_, i) => ((21 + Math.floor(i / 21)) * 63 + 21 + (i % 21) - least) / (greatest - least),
      ),
    );
  });

  it("leaves masked pixels out of the range and makes them 0 after it", () => {
    // Were NaN 0 first, 0 would be the least value and no other pixel 0.
    const { pixels } = scaleStamp(
      ramp((value, row, column) => (row === 31 && column === 31 ? NaN : value + 5000)),
      21,
    );
    expect(pixels[10 * 21 + 10]).toBe(0);
    expect([pixels[0], pixels[440]]).toEqual([0, 1]);
  });

  it("makes a constant plane 0", () => {
    expect(
      scaleStamp(
        ramp(() => 7),
        21,
      ).pixels,
    ).toEqual(new Float32Array(441));
    expect(
      scaleStamp(
        ramp((_, row) => (row === 30 ? NaN : 7)),
        21,
      ).pixels,
    ).toEqual(new Float32Array(441));
  });

  it("holds where float32 would overflow", () => {
    const { pixels } = scaleStamp(
      ramp((value) => (value === 31 * 63 + 31 ? 3e38 : value === 31 * 63 + 32 ? -3e38 : 0)),
      3,
    );
    expect([...pixels]).toEqual([0.5, 0.5, 0.5, 0.5, 1, 0, 0.5, 0.5, 0.5]);
  });

  it("does not change the stamp", () => {
    const stamp = makeStamp();
    const copy = structuredClone(stamp);
    scaleStamp(stamp, 21);
    expect(stamp).toEqual(copy);
  });

  it.each([
    ["another size", makeStamp(63, 62), "stamp-size"],
    ["an infinite pixel outside the crop", ramp((value) => (value === 0 ? -Infinity : value)), "stamp-infinite"],
    ["a crop that is masked", ramp((value, row) => (inside(row) ? NaN : value)), "stamp-all-nan"],
  ])("refuses %s", (_, stamp, code) => {
    expect(errorOf(() => scaleStamp(stamp, 21))).toMatchObject({ code });
  });

  it("refuses a size that no stamp has, and pixels that do not fill the stamp", () => {
    for (const n of [0, 64, 2.5]) expect(() => scaleStamp(makeStamp(), n)).toThrow(RangeError);
    expect(() => scaleStamp({ ...makeStamp(), pixels: new Float32Array(5) }, 21)).toThrow(RangeError);
  });
});
