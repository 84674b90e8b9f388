import { expect, it } from "vitest";
import { locateSource } from "../src/index.js";

// xpos, ypos and sides of stamps of five public alerts: ZTF18acfurnl, ZTF18abwhdlm, ZTF19aazdrol, ZTF18acdmwql, ZTF18abtljjk.
it.each([
  [1564.773, 16.547, 63, 48],
  [2225.824, 12.311, 63, 43],
  [1928.918, 15.565, 63, 47],
  [271.702, 17.645, 63, 49],
  [3042.27, 735.736, 62, 63],
])("finds the source of a stamp cut off at the edge: xpos %d, ypos %d, %d x %d pixels", (xpos, ypos, width, height) => {
  const { row, column } = locateSource({ xpos, ypos });
  // Cut off at the first rows: 31 pixels follow the source. At the last columns: 31 stand before it.
  expect(row).toBe(height - 1 - 31);
  expect(column).toBe(31);
  expect(width).toBeGreaterThan(column);
});

it("takes a side without a position as whole, and stays within the stamp", () => {
  expect(locateSource({})).toEqual({ row: 31, column: 31 });
  expect(locateSource({ xpos: null, ypos: NaN })).toEqual({ row: 31, column: 31 });
  expect(locateSource({ xpos: -Infinity, ypos: Infinity })).toEqual({ row: 31, column: 31 });
  expect(locateSource({ xpos: 0.3, ypos: -7 })).toEqual({ row: 0, column: 0 });
});
