import { expect, it } from "vitest";
import { renderStamp, renderTriplet } from "../src/index.js";
import { makeStamp } from "./makeStamp.js";

it("puts the three stamps side by side at the bottom, white gaps between, black where they lack pixels", () => {
  const science = makeStamp(5, 4);
  const template = makeStamp(4, 3);
  const difference = { ...makeStamp(5, 4), pixels: makeStamp(5, 4).pixels.map((value) => -value) };
  for (const scale of [1, 2]) {
    const options = { scale, interval: "minmax" } as const;
    const { width, height, channels, pixels } = renderTriplet({ science, template, difference }, options);
    expect([width, height, channels]).toEqual([(3 * 5 + 2 * 2) * scale, 4 * scale, 1]);
    const at = (row: number, column: number): number => pixels[row * width + column];
    [science, template, difference].forEach((stamp, place) => {
      const panel = renderStamp(stamp, options);
      const left = place * 7 * scale;
      const top = height - panel.height;
      for (let row = 0; row < height; row += 1) {
        for (let column = 0; column < 5 * scale; column += 1) {
          const inside = row >= top && column < panel.width;
          expect(at(row, left + column)).toBe(inside ? panel.pixels[(row - top) * panel.width + column] : 0);
        }
      }
    });
    for (let row = 0; row < height; row += 1) {
      for (const left of [5, 12]) {
        for (let column = 0; column < 2 * scale; column += 1) expect(at(row, left * scale + column)).toBe(255);
      }
    }
  }
});

it("refuses a stamp without pixels beside others", () => {
  const [stamp, empty] = [makeStamp(), { width: 0, height: 100_000_000, pixels: new Float32Array(0) }];
  expect(() => renderTriplet({ science: stamp, template: empty, difference: stamp })).toThrow(RangeError);
});
