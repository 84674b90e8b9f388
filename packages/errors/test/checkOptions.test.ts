import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface ScoreOptions {
  readonly models?: readonly string[];
  readonly batchSize?: number;
  readonly gunzip?: () => void;
  readonly read?: { readonly maxBytes?: number; readonly schemas?: string };
}

const NAMES: OptionNames<ScoreOptions> = {
  models: true,
  batchSize: true,
  gunzip: true,
  read: { maxBytes: true, schemas: true },
};

function messageOf(options: unknown): string {
  try {
    checkOptions("score", options as ScoreOptions, NAMES);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  return "";
}

describe("checkOptions", () => {
  it("says nothing of options that are there", () => {
    expect(messageOf(undefined)).toBe("");
    expect(messageOf({ models: [], batchSize: undefined, read: { maxBytes: 1 } })).toBe("");
    expect(messageOf({ read: undefined })).toBe("");
    expect(messageOf(Object.assign(Object.create(null), { models: [] }))).toBe("");
  });

  it.each([
    [{ model: [] }, "score has no option `model`. Did you mean `models`?"],
    [{ batch: 1 }, "score has no option `batch`. Did you mean `batchSize`?"],
    [{ batchsize: 1 }, "score has no option `batchsize`. Did you mean `batchSize`?"],
    [{ gnuzip: 1 }, "score has no option `gnuzip`. Did you mean `gunzip`?"],
    [{ read: { maxByte: 1 } }, "score has no option `read.maxByte`. Did you mean `read.maxBytes`?"],
    [{ threads: 1 }, "score has no option `threads`. It has `models`, `batchSize`, `gunzip`, `read`."],
    // What every object inherits is no option.
    [{ toString: 1 }, "score has no option `toString`. It has `models`, `batchSize`, `gunzip`, `read`."],
  ])("%j: %s", (options, message) => {
    expect(messageOf(options)).toBe(message);
  });

  it.each([
    [null, "expected its options as an object, got null"],
    ["models", 'expected its options as an object, got "models"'],
    [["models"], "expected its options as an object, got an array"],
    [{ read: 3 }, "score: expected `read` as an object, got 3"],
  ])("refuses %j", (options, message) => {
    expect(messageOf(options)).toContain(message);
  });

  it("says what to do when it is given to map", () => {
    const score = (item: string, options?: ScoreOptions): string => {
      checkOptions("score", options, NAMES);
      return item;
    };
    expect(() => (["a", "b"] as never[]).map(score as never)).toThrow("(each) => score(each)");
  });

  it("accepts any of its names together, and none besides", () => {
    const known = Object.keys(NAMES);
    fc.assert(
      fc.property(fc.subarray(known), fc.string(), (some, other) => {
        const options = Object.fromEntries(some.map((name) => [name, undefined]));
        expect(messageOf(options)).toBe("");
        if (known.includes(other)) return;
        expect(messageOf({ ...options, ["x" + other]: undefined })).toContain(`\`x${other}\``);
      }),
    );
  });

  it("knows a name with one letter dropped, doubled or swapped with its neighbour", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(NAMES)), fc.nat(), fc.nat(2), (name, place, how) => {
        const at = place % (name.length - 1);
        const [before, letter, after] = [name.slice(0, at), name[at], name.slice(at + 1)];
        const wrong = [before + after, before + letter + letter + after, before + after[0] + letter + after.slice(1)];
        if (wrong[how] !== name) expect(messageOf({ [wrong[how]]: 1 })).toContain(`Did you mean \`${name}\`?`);
      }),
    );
  });
});
