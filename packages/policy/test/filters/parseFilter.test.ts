import { describe, expect, it } from "vitest";
import { applyFilter, FILTERS, parseFilter, safeParseFilter } from "../../src/index.js";
import { makeSource } from "./makeSource.js";

const filter = (rule: unknown): unknown => ({ name: "mine", description: "", rule });
const problemsOf = (json: unknown) => {
  const result = safeParseFilter(json);
  if (result.success) throw new Error("it is a filter");
  return result.error.problems.map(({ code, path, message }) => ({ code, path, message }));
};
const pathsOf = (rule: unknown) => problemsOf(filter(rule)).map(({ path }) => path);

describe("parseFilter", () => {
  it("reads every form of rule and quantity back as written", () => {
    const every = filter({
      missing: "lowest",
      all: [
        { name: "signs", any: [{ isdiffpos: "positive" }, { not: { isdiffpos: "negative" } }] },
        { compare: [{ score: "btsbot-v1.0.1" }, ">=", 0.5] },
        { compare: [{ minus: [{ abs: "magpsf" }, 1] }, "<", { firstOf: ["srmag1", "simag1"] }] },
        { missing: "fails", compare: [{ brightestOf: ["srmag1"] }, "==", { peak: { sameBand: true } }] },
        {
          compare: [
            1,
            "<=",
            { count: { points: "upper-limits", positive: true, daysBefore: { above: 0, below: 5 }, magpsf: {} } },
            ">",
            -1,
          ],
        },
      ],
    });
    expect(parseFilter(JSON.stringify(every))).toEqual(every);
    expect(JSON.parse(JSON.stringify(parseFilter(every)))).toEqual(every);
    expect(safeParseFilter(every)).toEqual({ success: true, data: every });
  });

  it("does not change what it is given, and gives a copy", () => {
    const given = Object.freeze(filter({ all: [Object.freeze({ isdiffpos: "positive" })] }));
    expect(parseFilter(given)).not.toBe(given);
  });

  it("says which place is wrong", () => {
    expect(pathsOf({ all: [{ compare: ["drb", ">", 0.5] }, { compare: ["magpsf", "=>", 19] }] })).toEqual([
      "rule.all[1].compare[1]",
    ]);
    expect(pathsOf({ not: { any: [{ isdiffpos: "up" }] } })).toEqual(["rule.not.any[0].isdiffpos"]);
    expect(pathsOf({ compare: ["drb", ">", { minus: ["magpsf", null] }] })).toEqual(["rule.compare[2].minus[1]"]);
    expect(pathsOf({ compare: [{ count: { dayBefore: { below: 1 } } }, ">", 1] })).toEqual(["rule.compare[0].count"]);
    expect(pathsOf({ compare: [{ count: { daysBefore: { below: "1" } } }, ">", 1] })).toEqual([
      "rule.compare[0].count.daysBefore.below",
    ]);
    expect(pathsOf({ compare: ["drb", ">"] })).toEqual(["rule.compare"]);
    expect(pathsOf({ all: [] })).toEqual(["rule.all"]);
    expect(pathsOf({ every: [] })).toEqual(["rule"]);
    expect(pathsOf({ all: [{ isdiffpos: "positive" }], sense: 1 })).toEqual(["rule"]);
    expect(pathsOf({ compare: ["drb", ">", NaN] })).toEqual(["rule.compare[2]"]);
    expect(pathsOf({ compare: ["", ">", 1] })).toEqual(["rule.compare[0]"]);
  });

  it("says what was expected there, and what it got", () => {
    expect(problemsOf(filter({ every: [] }))).toEqual([
      {
        code: "filter-invalid",
        path: "rule",
        message:
          'rule: it has none of the forms that are allowed here (expected all, any, not, compare, isdiffpos, got {"every":[]})',
      },
    ]);
    expect(problemsOf(filter({ compare: ["drb", "=>", 1] }))[0].message).toBe(
      'rule.compare[1]: not an allowed value (expected one of <, <=, >, >=, ==, got "=>")',
    );
    expect(problemsOf(filter({ all: [{ isdiffpos: "positive" }], sense: 1 }))[0].message).toContain('"sense"');
  });

  it("names all that is wrong at once", () => {
    expect(
      problemsOf({ name: "", rule: { all: [{ isdiffpos: 1 }, { compare: [1, "<", true] }] } }).map(({ path }) => path),
    ).toEqual(["name", "description", "rule.all[0].isdiffpos", "rule.all[1].compare[2]"]);
    for (const nothing of [null, undefined, 3, []]) expect(problemsOf(nothing)[0].path).toBe("filter");
  });

  it("refuses text that is not JSON, and what nests without end", () => {
    expect(problemsOf("{")).toMatchObject([{ code: "json-invalid" }]);
    const deep = (levels: number): unknown => (levels === 0 ? { isdiffpos: "positive" } : { not: deep(levels - 1) });
    expect(safeParseFilter(filter(deep(40))).success).toBe(true);
    expect(problemsOf(filter(deep(100)))).toMatchObject([{ code: "filter-invalid" }]);
    const text = `{"name":"deep","description":"","rule":${'{"not":'.repeat(100_000)}${"}".repeat(100_000)}}`;
    expect(["json-invalid", "filter-invalid"]).toContain(problemsOf(text)[0].code);
    const circle: Record<string, unknown> = {};
    circle.not = circle;
    expect(problemsOf(filter(circle))).toMatchObject([{ code: "filter-invalid" }]);
  });

  it("says where, whatever stands at whatever place of a ready filter", () => {
    const junk: readonly unknown[] = [
      null,
      7,
      -1.5,
      "magpsf",
      "",
      "<",
      true,
      [],
      {},
      [1, "<", 2],
      { not: {} },
      { abs: null },
      { count: {} },
      { name: "x", all: [] },
    ];
    let refused = 0;
    for (const [index, ready] of FILTERS.entries()) {
      const places = placesOf(ready);
      for (let turn = 0; turn < 60; turn++) {
        const place = places[(turn * 7919 + index * 31) % places.length];
        const result = safeParseFilter(replaceAt(ready, place, junk[(turn * 13 + index) % junk.length]));
        if (result.success) {
          expect(typeof applyFilter(result.data, makeSource()).pass).toBe("boolean");
          continue;
        }
        refused += 1;
        for (const { code, path } of result.error.problems) {
          expect(code).toBe("filter-invalid");
          const root = path!.split(/[.[]/)[0];
          expect([String(place[0]), "filter"]).toContain(root);
        }
      }
    }
    expect(refused).toBeGreaterThan(400);
  });

  it("throws what the safe one returns", () => {
    expect(() => parseFilter(filter({ all: 1 }))).toThrow(
      expect.objectContaining({ code: "filter-invalid", path: "rule.all" }),
    );
  });
});

type Place = readonly (string | number)[];

function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    placesOf(part, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length > 0 ? [at, ...inner] : inner;
}

function replaceAt(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, replaceAt(Reflect.get(copy, key), rest, by));
  return copy;
}
