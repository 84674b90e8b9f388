import { scoreOf } from "@btsbot/core";
import type { ModelResult, Provenance } from "@btsbot/core";
import { BtsbotError, OptionsError } from "@btsbot/errors";
import { expect, it } from "vitest";

const base = { flags: [], provenance: {} as Provenance };
const SCORED: ModelResult = { ...base, status: "scored", score: 0.25 };
const CLASSES: ModelResult = { ...base, status: "scored", classes: { AGN: 0.75, SN: 0.125 } };
const UNSCORED: ModelResult = {
  ...base,
  status: "unscored",
  reasons: [
    { code: "stamp-absent", message: "cutoutScience: absent", path: "cutoutScience" },
    { code: "feature-missing", message: "candidate.sky: absent", path: "candidate.sky" },
  ],
};

it("gives the number", () => {
  expect(scoreOf({ scores: { a: SCORED } })).toBe(0.25);
  expect(scoreOf({ scores: { a: SCORED, b: CLASSES } }, "a")).toBe(0.25);
  expect(scoreOf({ scores: { a: SCORED, b: CLASSES } }, "b", "SN")).toBe(0.125);
  expect(scoreOf({ scores: { b: CLASSES } }, undefined, "AGN")).toBe(0.75);
});

it("throws the reasons, all of them, under their codes", () => {
  const call = (): number => scoreOf({ scores: { a: UNSCORED } });
  expect(call).toThrow(BtsbotError);
  expect(call).toThrow("cutoutScience: absent; candidate.sky: absent");
  try {
    call();
  } catch (error) {
    const { code, problems } = error as BtsbotError;
    expect(code).toBe("stamp-absent");
    expect(problems.map((problem) => problem.code)).toEqual(["stamp-absent", "feature-missing"]);
  }
});

it.each([
  ["several models and none named", { a: SCORED, b: SCORED }, undefined, undefined, "model-unnamed"],
  ["no model of this name", { a: SCORED }, "toString", undefined, "model-unnamed"],
  ["no models", {}, undefined, undefined, "model-unnamed"],
  ["classes and none named", { b: CLASSES }, "b", undefined, "class-unnamed"],
  ["no class of this name", { b: CLASSES }, "b", "toString", "class-unnamed"],
  ["a class of a model that has a score", { a: SCORED }, "a", "SN", "class-unnamed"],
] as const)("refuses to guess: %s", (_, scores, model, className, code) => {
  expect(() => scoreOf({ scores }, model, className)).toThrow(expect.objectContaining({ code }));
});

it.each([[null], [undefined], [5], [{}]])("refuses %s, which is not a result", (given) => {
  expect(() => scoreOf(given as never)).toThrow(OptionsError);
});
