import { expect, it } from "vitest";
import { locateSource, renderStamp, renderTriplet } from "../src/index.js";
import type { Stamp, TripletPicture } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

const PANEL = 63;
const GAP = 2;
const WIDTH = 3 * PANEL + 2 * GAP;

/** Rows and columns `from` to `to`, without `to`, of a whole stamp, as the edge of a CCD leaves them. */
function cut(stamp: Stamp, [top, bottom]: readonly number[], [left, right]: readonly number[]): Stamp {
  const [width, height] = [right - left, bottom - top];
  const pixels = Float32Array.from({ length: width * height }, (_, at) => {
    return stamp.pixels[(top + Math.floor(at / width)) * stamp.width + left + (at % width)];
  });
  return { width, height, pixels };
}

/** A panel of a triplet by its place from the left, row by row. */
function panelOf({ width, height }: TripletPicture, plane: Uint8Array, place: number): Uint8Array {
  const side = height;
  const left = place * Math.round(side + (GAP * side) / PANEL);
  return Uint8Array.from({ length: side * side }, (_, at) => plane[Math.floor(at / side) * width + left + (at % side)]);
}

it("puts the three stamps side by side, white gaps between, each with its own limits", () => {
  const science = makeStamp();
  const template = { ...science, pixels: science.pixels.map((value) => 3 * value) };
  const difference = { ...science, pixels: science.pixels.map((value) => -value) };
  for (const scale of [1, 2]) {
    const options = { scale, interval: "minmax" } as const;
    const picture = renderTriplet({ science, template, difference }, options);
    const { width, height, channels, pixels, mask, limits } = picture;
    expect([width, height, channels]).toEqual([WIDTH * scale, PANEL * scale, 1]);
    [science, template, difference].forEach((stamp, place) => {
      const alone = renderStamp(stamp, options);
      expect(panelOf(picture, pixels, place)).toEqual(alone.pixels);
      expect(Object.values(limits)[place]).toEqual(alone.limits);
    });
    expect(mask.every((value) => value === 0)).toBe(true);
    for (let row = 0; row < height; row += 1) {
      for (const left of [PANEL, 2 * PANEL + GAP]) {
        for (let column = 0; column < GAP * scale; column += 1)
          expect(pixels[row * width + left * scale + column]).toBe(255);
      }
    }
  }
});

it("takes limits for one stamp and not for another", () => {
  const stamp = makeStamp();
  const { limits } = renderTriplet(
    { science: stamp, template: stamp, difference: stamp },
    { limits: { difference: [-50, 50] }, interval: "minmax" },
  );
  expect(limits.difference).toEqual([-50, 50]);
  expect(limits.science).toEqual(renderStamp(stamp, { interval: "minmax" }).limits);
});

// Which side of the CCD is near, what it leaves of the stamp, and where the source is on the CCD.
it.each([
  ["first rows", [15, 63], [0, 63], { xpos: 1500, ypos: 17 }],
  ["last rows", [0, 50], [0, 63], { xpos: 1500, ypos: 3068 }],
  ["first columns", [0, 63], [31, 63], { xpos: 1, ypos: 900 }],
  ["last columns", [0, 63], [0, 32], { xpos: 3072, ypos: 900 }],
  ["first corner", [30, 63], [25, 63], { xpos: 7, ypos: 2 }],
])("keeps the source in the middle of a stamp cut off at the %s", (_, rows, columns, candidate) => {
  const whole = makeStamp();
  const stamp = cut(whole, rows, columns);
  const source = locateSource(candidate);
  for (const orientation of ["first-row-top", "first-row-bottom"] as const) {
    const options = { orientation, limits: [80, 500] as const };
    const picture = renderTriplet(
      { science: stamp, template: stamp, difference: stamp },
      {
        source,
        orientation,
        limits: { science: [80, 500], template: [80, 500], difference: [80, 500] },
      },
    );
    const full = renderStamp(whole, options);
    for (const place of [0, 1, 2]) {
      const [pixels, mask] = [panelOf(picture, picture.pixels, place), panelOf(picture, picture.mask, place)];
      // Every pixel that is left stands where it would stand in the whole stamp; the others are marked.
      const kept = [...mask.keys()].filter((at) => mask[at] === 0);
      expect(kept.length).toBe(stamp.pixels.length);
      expect(kept.every((at) => pixels[at] === full.pixels[at])).toBe(true);
      expect(mask[31 * PANEL + 31]).toBe(0);
      expect(pixels[31 * PANEL + 31]).toBe(255);
    }
  }
});

it("grows beyond 63 where a stamp does, the source in the middle", () => {
  const [small, large] = [makeStamp(5, 4), makeStamp(80, 70)];
  const { width, height, mask } = renderTriplet({ science: small, template: large, difference: small });
  // 79 - 31 columns follow the source.
  const side = 2 * 48 + 1;
  expect([width, height]).toEqual([3 * side + 4, side]);
  expect(mask.filter((value) => value === 0).length).toBe(5 * 4 * 2 + 80 * 70 + 4 * height);
});

it("refuses a stamp without pixels beside others, and a source that is not a pixel", () => {
  const [stamp, empty] = [makeStamp(), { width: 0, height: 100_000_000, pixels: new Float32Array(0) }];
  expect(() => renderTriplet({ science: stamp, template: empty, difference: stamp })).toThrow(RangeError);
  const stamps = { science: stamp, template: stamp, difference: stamp };
  for (const row of [-1, 1.5, NaN, 1024, 1e9])
    expect(() => renderTriplet(stamps, { source: { row, column: 31 } })).toThrow(/source: expected a row and a column/);
});

it("refuses limits of a stamp that it does not have", () => {
  const stamp = makeStamp();
  const options: object = { limits: { template: [0, 1], sience: [0, 1] } };
  expect(() => renderTriplet({ science: stamp, template: stamp, difference: stamp }, options)).toThrow(
    "renderTriplet has no option `limits.sience`. Did you mean `limits.science`?",
  );
});

it("stands in a square of another size where one is asked for", () => {
  const stamp = { width: 30, height: 30, pixels: new Float32Array(900).fill(1) };
  const stamps = { science: stamp, template: stamp, difference: stamp };
  const source = { row: 15, column: 15 };
  expect(renderTriplet(stamps, { source, side: 31 })).toMatchObject({ width: 3 * 31 + 4, height: 31 });
  expect(renderTriplet(stamps, { source, side: 5 })).toMatchObject({ height: 31 });
  expect(() => renderTriplet(stamps, { side: 30 })).toThrow(/side: expected an odd number/);
});
