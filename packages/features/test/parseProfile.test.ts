import { readFileSync } from "node:fs";
import { toLightCurve } from "@btsbot/alert";
import type { Alert, Detection } from "@btsbot/alert";
import { BtsbotError, toSafe } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReferenceAlerts } from "../../../test/support/reference.js";
import { describeWithData } from "../../../test/support/testData.js";
import {
  ACAI,
  ALERCE_STAMP_26,
  BTSBOT_V0_3,
  BTSBOT_V1,
  extractFeatures,
  parseProfile,
  toProfile,
} from "../src/index.js";
import type { FeatureContext, FeatureProfile, Features, Rule } from "../src/index.js";
import { makeAlert, makeHistory } from "./makeAlert.js";

const READY: readonly (readonly [string, FeatureProfile])[] = [
  ["btsbot25", BTSBOT_V1],
  ["btsbot14", BTSBOT_V0_3],
  ["acai25", ACAI],
  ["alerce26", ALERCE_STAMP_26],
];
const readData = (file: string): string => readFileSync(new URL(`profiles/${file}.json`, import.meta.url), "utf8");

/** What both have in common: the flags of the dates are worded otherwise. */
const strip = ({ names, values, flags, reasons }: Features) => ({
  names,
  values: [...values],
  flags: flags.filter((flag) => flag !== "jdstarthist-missing"),
  reasons: reasons.map(({ code, feature }) => [code, feature]),
});

function compute(rule: Rule, alert: Alert = makeAlert(), history = makeHistory()): number {
  const profile = parseProfile({ name: "one", features: [{ name: "it", rule }] });
  return extractFeatures(profile, { alert, history }).values[0];
}

describeWithData("a ready profile written as data", (folder) => {
  it.each(READY)("gives the same as %s, bit for bit, of every real packet", (file, ready) => {
    const profile = parseProfile(readData(file));
    const alerts = readReferenceAlerts(folder);
    expect(alerts.length).toBeGreaterThan(100);
    for (const { alert } of alerts) {
      const history = toLightCurve(alert);
      for (const extra of [{}, { realBogus: 0.25 }, { realBogus: 7 }]) {
        const context = { alert, history, ...extra };
        expect(strip(extractFeatures(profile, context))).toEqual(strip(extractFeatures(ready, context)));
      }
    }
  });
});

describe("a ready profile written as data", () => {
  /** Alerts without this and that, out of range, and with histories that end before, with or after them. */
  const contexts = fc
    .record({
      fields: fc.dictionary(
        fc.constantFrom(
          "magpsf",
          "jdstarthist",
          "drb",
          "drbversion",
          "ncovhist",
          "sgscore1",
          "distpsnr2",
          "isdiffpos",
          "ra",
        ),
        fc.constantFrom<number | null | string>(-999, 0, NaN, null, 1e9, 17.25, 2459003.5, "t", "0"),
      ),
      points: fc.array(fc.tuple(fc.integer({ min: 2459000, max: 2459012 }), fc.constantFrom(17.5, 18.5, 19.25, NaN)), {
        maxLength: 6,
      }),
      realBogus: fc.option(fc.constantFrom(0.5, NaN, -1), { nil: undefined }),
    })
    .map(({ fields, points, realBogus }): FeatureContext => ({
      alert: makeAlert(fields),
      history: makeHistory(...points),
      ...(realBogus !== undefined && { realBogus }),
    }));

  /** A first date after the alert, and no detection that could stand in: rare in random runs. */
  const startsLate: [FeatureContext][] = [NaN, null].map((magpsf) => [
    { alert: makeAlert({ jdstarthist: 1e9, magpsf }), history: makeHistory() },
  ]);

  it.each(READY)("gives the same as %s for whatever an alert lacks", (file, ready) => {
    const profile = parseProfile(readData(file));
    fc.assert(
      fc.property(contexts, (context) => {
        expect(strip(extractFeatures(profile, context))).toEqual(strip(extractFeatures(ready, context)));
      }),
      { numRuns: 300, examples: startsLate },
    );
  });
});

describe("rules", () => {
  const past = makeHistory([2459002.5, 19], [2459004.5, 17], [2459006.5, 17], [2459020.5, 12]);

  it.each<[string, Rule, number]>([
    ["a constant", 3.5, 3.5],
    ["a field", "magpsf", 18.5],
    ["a field, the other for what is missing", { field: "absent", missing: "magpsf" }, 18.5],
    ["a field that is not above its bound", { field: "sky", above: 1, missing: -1 }, -1],
    ["a sum", { "+": [1, "magpsf", 2] }, 21.5],
    ["a difference", { "-": ["ncovhist", "ndethist"] }, 26],
    ["a product", { "*": [2, "magpsf"] }, 37],
    ["a quotient", { "/": ["ncovhist", "ndethist"] }, 7.5],
    ["a logarithm", { log10: 1000 }, 3],
    ["a size", { abs: "dec" }, 12.5],
    ["the least of those that are there", { min: ["absent", 3, 2] }, 2],
    ["the greatest of those that are there", { max: ["absent", 3, 2] }, 3],
    ["the brightest detection", { history: "min", of: "magpsf" }, 17],
    ["the faintest", { history: "max", of: "magpsf" }, 19],
    ["the first", { history: "first", of: "magpsf" }, 19],
    ["the last, which is the alert's own", { history: "last", of: "magpsf" }, 18.5],
    ["the earliest of the brightest", { history: "first", of: "jd", by: "magpsf" }, 2459004.5],
    ["the median of an even number", { history: "median", of: "magpsf" }, 17.75],
    ["how many, the alert's own once and later ones not", { history: "count" }, 4],
    ["how many of a filter", { history: "count", fid: 2 }, 3],
    ["how many of some days", { history: "count", within: 4 }, 2],
    ["how many upper limits", { history: "count", points: "nondetections" }, 0],
    ["how many of a sign", { history: "count", positive: true }, 0],
  ])("%s", (_, rule, expected) => {
    expect(compute(rule, makeAlert(), past)).toBe(expected);
  });

  it("do not count the alert's own detection twice", () => {
    const alert = makeAlert({ isdiffpos: "t" });
    expect(compute({ history: "count" }, alert, toLightCurve(alert))).toBe(1);
    expect(compute({ history: "count", positive: true }, alert, toLightCurve(alert))).toBe(1);
    expect(compute({ history: "median", of: "magpsf" }, alert, toLightCurve(alert))).toBe(18.5);
  });

  it("read an earlier feature, and say which one is missing", () => {
    const profile = parseProfile({
      name: "two",
      features: [
        { name: "a", rule: { "+": ["magpsf", 1] } },
        { name: "b", rule: { "*": [{ feature: "a" }, 2] } },
      ],
    });
    const history = makeHistory();
    expect([...extractFeatures(profile, { alert: makeAlert(), history }).values]).toEqual([19.5, 39]);
    const { reasons } = extractFeatures(profile, { alert: makeAlert({ magpsf: null }), history });
    expect(reasons.map(({ feature, path }) => [feature, path])).toEqual([
      ["a", "candidate.magpsf"],
      ["b", "a"],
    ]);
  });

  it("flag what stood in for a number that is missing, and refuse what has none", () => {
    const features = [
      { name: "a", rule: { field: "absent", missing: 5 } },
      { name: "b", rule: { "/": [1, 0] } },
    ];
    const found = extractFeatures(parseProfile({ name: "x", features }), {
      alert: makeAlert(),
      history: makeHistory(),
    });
    expect([found.values[0], found.flags, found.reasons[0].code]).toEqual([5, ["filled:a"], "feature-non-finite"]);
  });

  it("of features that read one another twice take no more time than features", () => {
    const features = Array.from({ length: 200 }, (_, place) => {
      const before = { feature: `f${place - 1}` };
      return { name: `f${place}`, rule: place === 0 ? 1 : { "-": [before, { "-": [before, 1] }] } };
    });
    const profile = parseProfile({ name: "deep", features });
    expect(extractFeatures(profile, { alert: makeAlert(), history: makeHistory() }).values[199]).toBe(1);
  });

  it("give what a light curve says, in any order of its points", () => {
    const point = fc.record({
      jd: fc.integer({ min: 2458990, max: 2459010 }),
      magpsf: fc.integer({ min: 15, max: 20 }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(point, { selector: ({ jd }) => jd, minLength: 1 }),
        fc.infiniteStream(fc.nat()),
        (points, order) => {
          const alert = makeAlert({ magpsf: null });
          const shuffled = points
            .map((each) => ({ each, key: order.next().value! }))
            .sort((a, b) => a.key - b.key)
            .map(({ each }): Detection => ({ ...makeHistory([each.jd, each.magpsf]).detections[0] }));
          const history = { detections: shuffled, nondetections: [] };
          const sorted = points.toSorted((a, b) => a.jd - b.jd);
          const mags = points.map(({ magpsf }) => magpsf).sort((a, b) => a - b);
          const peak = sorted.find(({ magpsf }) => magpsf === mags[0])!;
          expect(compute({ history: "first", of: "magpsf" }, alert, history)).toBe(sorted[0].magpsf);
          expect(compute({ history: "last", of: "magpsf" }, alert, history)).toBe(sorted.at(-1)!.magpsf);
          expect(compute({ history: "first", of: "jd", by: "magpsf" }, alert, history)).toBe(peak.jd);
          expect(compute({ history: "median", of: "magpsf" }, alert, history)).toBe(
            (mags[Math.floor((mags.length - 1) / 2)] + mags[Math.floor(mags.length / 2)]) / 2,
          );
        },
      ),
    );
  });
});

describe("data that are not a profile", () => {
  const refuse = (json: unknown): string[] => {
    const result = toSafe(() => parseProfile(json));
    if (result.success) throw new Error("it was read");
    expect(new Set(result.error.problems.map(({ code }) => code))).toEqual(new Set(["profile-invalid"]));
    return result.error.problems.map(({ message }) => message);
  };
  const withRule = (rule: unknown): unknown => ({ name: "x", features: [{ name: "a", rule }] });

  it.each<[string, unknown, RegExp]>([
    ["text that is not JSON", "{", /not JSON/],
    ["null", null, /expected a profile: an object with a name and features, got null/],
    ["a misspelt key", { nmae: "x", features: ["ra"] }, /^nmae: .*expected one of name, source.*Did you mean "name"\?/],
    ["no features", { name: "x" }, /^features: .*expected to be there, got nothing/],
    ["an empty list", { name: "x", features: [] }, /^features: .*a list of 1 or more/],
    ["a name twice", { name: "x", features: ["ra", "ra"] }, /^features\[1\]: .*two features have this one, got ra/],
    ["an unknown rule", withRule({ histroy: "min" }), /^features\[0\]\.rule: .*Did you mean "history"\?/],
    [
      "an unknown reduction",
      withRule({ history: "medain" }),
      /^features\[0\]\.rule\.history: .*Did you mean "median"\?/,
    ],
    [
      "an unknown option",
      withRule({ field: "ra", mising: 1 }),
      /^features\[0\]\.rule\.mising: .*Did you mean "missing"\?/,
    ],
    [
      "a rule deep within",
      withRule({ "+": [1, { log10: { feild: "ra" } }] }),
      /^features\[0\]\.rule\.\+\[1\]\.log10: /,
    ],
    ["three terms of a difference", withRule({ "-": [1, 2, 3] }), /^features\[0\]\.rule\.-: .*a list of 2, got 3/],
    ["a number that is not one", withRule(NaN), /^features\[0\]\.rule: .*a finite number, got NaN/],
    ["a feature that comes later", withRule({ feature: "b" }), /an earlier feature's name, got b/],
    [
      "a range upside down",
      { name: "x", features: [{ name: "a", range: { least: 1, greatest: 0 } }] },
      /least no greater/,
    ],
    ["another padding", { name: "x", features: ["ra"], stamps: { padding: "centred" } }, /Did you mean "centered"\?/],
  ])("%s", (_, json, message) => {
    expect(refuse(json).join("\n")).toMatch(message);
  });

  it("names everything that is wrong at once", () => {
    expect(refuse({ name: "", features: [{ name: "a", rule: {} }, 5] })).toHaveLength(3);
  });

  it("refuses rules that are too deep, and too many", () => {
    let rule: Rule = 1;
    for (let depth = 0; depth < 10_000; depth += 1) rule = { abs: rule };
    expect(refuse(withRule(rule)).join()).toMatch(/at most 100 deep/);
    expect(refuse(withRule({ "+": Array.from({ length: 200_000 }, () => 1) }))).toHaveLength(1);
  });

  it("gives typed errors only, whatever the data", () => {
    const names = fc.constantFrom(
      "name",
      "features",
      "rule",
      "field",
      "history",
      "missing",
      "+",
      "-",
      "log10",
      "feature",
      "range",
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>("ra", "min", "", 1, NaN, null, true, undefined),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(names, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (json) => {
        for (const each of [json, withRule(json)]) {
          try {
            extractFeatures(parseProfile(each), { alert: makeAlert(), history: makeHistory() });
          } catch (error) {
            expect(error).toBeInstanceOf(BtsbotError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("toProfile", () => {
  it("takes a name, a profile, and data, which it reads once", () => {
    const data = { name: "mine", features: ["ra"] };
    expect(toProfile("acai")).toBe(ACAI);
    expect(toProfile(ACAI)).toBe(ACAI);
    expect(toProfile(data)).toBe(toProfile(data));
    expect(toProfile(data).data).toBe(data);
    expect(toProfile("mine", [data]).name).toBe("mine");
  });

  it("refuses a name that another has, and one that there is not", () => {
    const own = { name: "mine", features: ["ra"] };
    expect(() => toProfile({ name: "acai", features: ["ra"] })).toThrow(/a ready profile has this name/);
    expect(() => toProfile("mine", [own, { ...own }])).toThrow(/two profiles have this name/);
    expect(() => toProfile("mien", [own])).toThrow(/expected mine, btsbot-v1, .*got mien.*Did you mean "mine"\?/);
  });

  it.each<unknown>([
    null,
    5,
    [],
    {},
    { name: "x", features: [{ value: () => 1 }] },
    { name: "", features: [{ name: "a", value: () => 1 }] },
  ])("refuses %j in JavaScript", (given) => {
    expect(() => toProfile(given as FeatureProfile)).toThrow(BtsbotError);
  });
});
