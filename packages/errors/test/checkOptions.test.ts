import { checkArgument, checkOptions, CODES, OptionsError } from "@btsbot/errors";
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
  models: "list",
  batchSize: "number",
  gunzip: "function",
  read: { maxBytes: "number", schemas: "string" },
};

function messageOf(options: unknown): string {
  try {
    checkOptions("score", options as ScoreOptions, NAMES);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toBeInstanceOf(OptionsError);
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
    [{ read: null }, "score: expected `read` as an object, got null"],
    [{ models: "v1" }, 'score: expected `models` to be a list, got "v1"'],
    [{ models: {} }, "score: expected `models` to be a list, got an object"],
    [{ batchSize: "8" }, 'score: expected `batchSize` to be a number, got "8"'],
    [{ batchSize: null }, "score: expected `batchSize` to be a number, got null"],
    [{ gunzip: new Map() }, "score: expected `gunzip` to be a function, got Map"],
    [{ read: { maxBytes: 5n } }, "score: expected `read.maxBytes` to be a number, got 5n"],
    [{ read: { schemas: ["a"] } }, "score: expected `read.schemas` to be a string, got an array"],
    [() => undefined, "expected its options as an object, got a function"],
  ])("refuses %o", (options, message) => {
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

describe("options that must be given", () => {
  interface Named {
    readonly name: string;
    readonly label?: string | readonly string[] | null;
  }
  const names: OptionNames<Named> = { name: "string!", label: "string|list|null" };
  const check = (options: unknown) => {
    checkOptions("draw", options as Named, names);
  };

  it("are asked for, also where there are no options at all", () => {
    for (const options of [undefined, {}, { label: "a" }, { name: undefined }])
      expect(() => check(options)).toThrow(new OptionsError("draw needs the option `name`, a string"));
    check({ name: "a" });
  });

  it("are taken in each of their kinds", () => {
    for (const label of ["a", ["a"], null, undefined]) check({ name: "a", label });
    expect(() => check({ name: "a", label: 5 })).toThrow("expected `label` to be a string or a list or null, got 5");
  });
});

describe("checkArgument", () => {
  it.each([
    [null, "object", "an object, got null"],
    [5, "string|list", "a string or a list, got 5"],
    [{}, "bytes", "bytes, such as a Uint8Array, got an object"],
    [{}, "map", "a Map, got an object"],
    ["abc", "iterable", 'a list or another iterable, got "abc"'],
    ["x".repeat(50), "number", `a number, got "${"x".repeat(40)}…"`],
  ])("%j is not %s", (value, kinds, said) => {
    expect(() => checkArgument("draw", "it", value, kinds)).toThrow(
      new OptionsError(`draw: expected \`it\` to be ${said}`),
    );
  });

  it("takes what is right", () => {
    checkArgument("draw", "it", new Map(), "map|bytes");
    checkArgument("draw", "it", new DataView(new ArrayBuffer(1)), "bytes");
    checkArgument("draw", "it", (async function* () {})(), "iterable");
    checkArgument("draw", "it", { a: 0, b: null }, "object", ["a", "b"]);
    checkArgument("draw", "it", "name", "string|object", ["a"]);
  });

  it("has a code of the registry", () => {
    expect(CODES[new OptionsError("").code].kind).toBe("error");
  });
});
