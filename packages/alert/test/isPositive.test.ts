import { isPositive } from "@btsbot/alert";
import { expect, it } from "vitest";

it.each([
  ["t", true],
  ["T", true],
  ["1", true],
  ["true", true],
  [1, true],
  [true, true],
  ["f", false],
  ["F", false],
  ["0", false],
  ["false", false],
  ["-1", false],
  [0, false],
  [-1, false],
  [false, false],
  ["1.0", true],
  ["0.0", false],
  ["-1.0", false],
  [null, null],
  [undefined, null],
  ["", null],
  ["null", null],
  [Number.NaN, null],
  [2, null],
  ["yes", null],
] as const)("isPositive(%j) is %j", (value, expected) => {
  expect(isPositive(value)).toBe(expected);
});
