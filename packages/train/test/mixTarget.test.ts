import { mixTarget } from "@btsbot/train";
import { expect, it } from "vitest";

it("goes from the truth to the teacher", () => {
  expect([0, 0.25, 1].map((weight) => mixTarget(1, 0.2, weight))).toEqual([1, 0.8, 0.2]);
  expect([0, 0.5, 1].map((weight) => mixTarget(0, 1, weight))).toEqual([0, 0.5, 1]);
});

it("is the truth where the teacher has nothing to say", () => {
  expect(mixTarget(1, null, 0.9)).toBe(1);
});

it.each([
  [2, 0.5],
  [0.5, 0.5],
  [NaN, 0.5],
  [1, 1.01],
  [1, -0.1],
  [1, NaN],
])("refuses label %d and score %d", (label, teacher) => {
  expect(() => mixTarget(label, teacher, 0.5)).toThrow(expect.objectContaining({ code: "label-invalid" }));
});
