import { BtsbotError, CODES, toReason, toSafe } from "@btsbot/errors";
import { describe, expect, it } from "vitest";

describe("BtsbotError", () => {
  it("composes its message from place, summary, values and hint", () => {
    const error = new BtsbotError("input-empty", "no bytes", {
      path: "a.avro",
      expected: "a packet",
      got: "0 bytes",
      hint: "Download it again.",
    });
    expect(error.message).toBe("a.avro: no bytes (expected a packet, got 0 bytes). Download it again.");
    expect(error).toMatchObject({
      name: "BtsbotError",
      code: "input-empty",
      path: "a.avro",
      expected: "a packet",
      got: "0 bytes",
    });
  });

  it("carries all problems of an input, the first in its own fields", () => {
    const problems = [
      BtsbotError.problem("alert-invalid", "absent", { path: "objectId" }),
      BtsbotError.problem("alert-invalid", "not a number", { path: "candidate.jd" }),
    ];
    const error = new BtsbotError(problems);
    expect(error.path).toBe("objectId");
    expect(error.problems).toEqual(problems);
    expect(error.message).toBe("objectId: absent; candidate.jd: not a number");
  });

  it("names ten problems in its message and keeps all of them", () => {
    const make = (count: number): BtsbotError =>
      new BtsbotError(
        Array.from({ length: count }, (_, i) => BtsbotError.problem("alert-invalid", "absent", { path: `[${i}]` })),
      );
    expect(make(10).message).toMatch(/^\[0\]: absent; .*\[9\]: absent$/);
    expect(make(40_000).message).toMatch(/^\[0\]: absent; .*\[9\]: absent; and 39990 more$/);
    expect(make(40_000).problems).toHaveLength(40_000);
  });

  it("keeps the error that caused it", () => {
    const cause = new Error("inflate");
    expect(new BtsbotError("stamp-corrupt", "damaged", { cause }).cause).toBe(cause);
  });
});

describe("toReason", () => {
  it("gives one reason for each problem and lets bugs through", () => {
    const error = new BtsbotError("stamp-absent", "no stamp", { path: "cutoutScience" });
    expect(toReason(error)).toEqual([
      { code: "stamp-absent", message: "cutoutScience: no stamp", path: "cutoutScience" },
    ]);
    expect(() => toReason(new TypeError("bug"))).toThrow(TypeError);
  });
});

describe("toSafe", () => {
  it("returns what is thrown on purpose and lets bugs through", () => {
    const error = new BtsbotError("json-invalid", "not JSON");
    expect(toSafe(() => 2)).toEqual({ success: true, data: 2 });
    expect(
      toSafe(() => {
        throw error;
      }),
    ).toEqual({ success: false, error });
    expect(() =>
      toSafe(() => {
        throw new RangeError("bug");
      }),
    ).toThrow(RangeError);
  });
});

describe("CODES", () => {
  it("names every code in lower case with hyphens and explains it in a sentence", () => {
    for (const [code, { meaning }] of Object.entries(CODES)) {
      expect(code).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(meaning, code).toMatch(/^[A-Z].*\.$/);
    }
  });
});
