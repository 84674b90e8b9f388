import type { BtsbotError } from "@btsbot/errors";
import { nearestName, parseData } from "@btsbot/errors";
import { expect, it } from "vitest";
import * as z from "zod";

const schema = z.strictObject({ name: z.string(), cuts: z.array(z.strictObject({ max: z.number().max(9) })) });

function messages(value: unknown): string[] {
  try {
    parseData(schema, value, "config-invalid", "the table");
  } catch (error) {
    return (error as BtsbotError).problems.map(({ message }) => message);
  }
  return [];
}

it("gives what the schema gives", () => {
  const data = { name: "a", cuts: [{ max: 3 }] };
  expect(parseData(schema, data, "config-invalid", "the table")).toEqual(data);
});

it("says everything that is wrong at once, each with its place", () => {
  expect(messages({ nam: 3, cuts: [{ max: 3 }, { max: 10, min: 1, step: 2 }] })).toEqual([
    "name: the table is not valid: it is missing (expected a text, got nothing)",
    "cuts[1].max: the table is not valid: too large (expected at most 9, got 10)",
    'cuts[1].min: the table is not valid: unknown field "min" (got 1)',
    'cuts[1].step: the table is not valid: unknown field "step" (got 2)',
    'nam: the table is not valid: unknown field "nam" (got 3)',
  ]);
  expect(messages([])[0]).toBe("the table is not valid: it has the wrong type (expected an object, got [])");
});

it("finds the name that was probably meant", () => {
  const names = ["batchSize", "models", "engine"];
  expect(nearestName("model", names)).toBe("models");
  expect(nearestName("BATCHSIZE", names)).toBe("batchSize");
  expect(nearestName("bacthSize", names)).toBe("batchSize");
  expect(nearestName("enigne", names)).toBe("engine");
  expect(nearestName("thresholds", names)).toBeUndefined();
});
