import { expect, it } from "vitest";
import { padStamp } from "../src/index.js";
import { errorOf, makeStamp } from "./makeStamp.js";

it.each([
  [63, 63],
  [62, 63],
  [63, 43],
  [1, 1],
])("pads %i x %i after the last column and the last row", (width, height) => {
  const stamp = makeStamp(width, height);
  const padded = padStamp(stamp);
  expect([padded.width, padded.height, padded.pixels.length]).toEqual([63, 63, 3969]);
  const expected = Array.from({ length: 3969 }, (_, index) => {
    const [row, column] = [Math.floor(index / 63), index % 63];
    return row < height && column < width ? stamp.pixels[row * width + column] : Math.fround(1e-9);
  });
  expect(padded.pixels).toEqual(Float32Array.from(expected));
});

it.each([
  [62, 63, 1, 0],
  [61, 58, 1, 3],
  [63, 43, 0, 10],
])("centers %i x %i at column %i and row %i, zeros around it, as BOOM did", (width, height, left, top) => {
  const stamp = makeStamp(width, height);
  const expected = Array.from({ length: 3969 }, (_, index) => {
    const [row, column] = [Math.floor(index / 63) - top, (index % 63) - left];
    return row >= 0 && row < height && column >= 0 && column < width ? stamp.pixels[row * width + column] : 0;
  });
  expect(padStamp(stamp, "centered").pixels).toEqual(Float32Array.from(expected));
});

it.each([
  [64, 63],
  [63, 64],
  [0, 0],
  [0, 63],
])("refuses %i x %i", (width, height) => {
  const error = { code: "stamp-size", expected: "1 to 63 pixels on a side", got: `${width} x ${height}` };
  expect(errorOf(() => padStamp(makeStamp(width, height)))).toMatchObject(error);
});

it("refuses pixels that are not width times height", () => {
  expect(() => padStamp({ width: 2, height: 2, pixels: new Float32Array(5) })).toThrow(RangeError);
});
