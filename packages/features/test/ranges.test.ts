import { readFileSync } from "node:fs";
import { toLightCurve } from "@btsbot/alert";
import type { LightCurve } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readReferenceAlerts } from "../../../test/support/reference.js";
import { describeWithData } from "../../../test/support/testData.js";
import { ACAI, BTSBOT_V1, checkDate, extractFeatures, KOWALSKI, PROFILES } from "../src/index.js";
import type { Feature, FeatureRange } from "../src/index.js";
import { FEATURE_RANGES } from "../src/featureRanges.js";
import { judgeFeature } from "../src/judgeFeature.js";
import { makeAlert, makeHistory } from "./makeAlert.js";

const history = makeHistory([2459003.5, 17.25], [2459010.5, 18.5]);
const extract = (fields: Parameters<typeof makeAlert>[0]) =>
  extractFeatures(BTSBOT_V1, { alert: makeAlert(fields), history });

const FEATURES = new Map<string, Feature>(
  PROFILES.filter(({ features }) => features.every(({ differs }) => differs === undefined)).flatMap(({ features }) =>
    features.map((feature): [string, Feature] => [feature.name, feature]),
  ),
);

describe("the range of each feature", () => {
  it("is there, with its source, for every feature of every profile", () => {
    for (const { name, features } of PROFILES) {
      for (const { name: feature, range } of features) {
        expect(range, `${name} ${feature}`).toBeDefined();
        expect(range!.least).toBeLessThan(range!.greatest);
        expect(range!.source.length, `${name} ${feature}`).toBeGreaterThan(5);
      }
    }
  });

  it("is what the README says", () => {
    const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const told = [
      ...text.matchAll(/^\| (`[^|]*`) *\| (-?[\d,]+) to (-?[\d,]+) *\| (-?[\d,]+), (-?[\d,]+) *\| ([^|]*?) *\|$/gm),
    ];
    const rows = told.flatMap(([, names, ...cells]) => {
      const [least, greatest, below, above] = cells.map((cell) => Number(cell.replaceAll(",", "")));
      return names.split(", ").map((name) => [name.replaceAll("`", ""), least, greatest, below, above, cells[4]]);
    });
    const sorted = (list: unknown[][]) => list.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    expect(sorted(rows)).toEqual(
      sorted(
        [
          ...[...FEATURES.values()].map(({ name, range }) => ({ name, range })),
          { name: "jd", range: FEATURE_RANGES.jd },
        ].map(({ name, range }) => {
          const { least, greatest, room = 10, strict, source } = range as FeatureRange;
          const width = strict === true ? 0 : room * (greatest - least);
          return [name, least, greatest, strict === "least" ? least : least - width, greatest + width, source];
        }),
      ),
    );
  });

  it("flags what lies outside, which goes in as it is", () => {
    const features = extract({ distpsnr1: 40, scorr: 1e5, sky: 500 });
    expect(features.flags).toEqual([
      "out-of-range:distpsnr1",
      "drb-from-packet",
      "out-of-range:scorr",
      "out-of-range:sky",
    ]);
    expect([features.values[1], features.reasons]).toEqual([40, []]);
  });

  it("flags -999 as what it is, and not as out of range", () => {
    expect(extract({ sgscore1: -999, distpsnr1: -999 }).flags).toEqual([
      "sentinel:sgscore1",
      "sentinel:distpsnr1",
      "drb-from-packet",
    ]);
  });

  it.each([
    ["sgscore1", -1e20],
    ["sgscore1", 1000],
    ["sgscore1", -10],
    ["sgscore2", 1.01],
    ["dec", 900],
    ["ra", 3900],
    ["ra", -3],
    ["sigmapsf", -0.1],
    ["ndethist", -1e6],
    ["nmtchps", -1],
    ["magpsf", -999],
    ["ra", -999],
    ["dec", -999],
    ["fwhm", -999],
    ["diffmaglim", -999],
    ["ndethist", -999],
    ["distpsnr1", -9999],
    ["fwhm", 1e6],
    ["magpsf", 99],
    ["sigmapsf", -1e30],
    ["chipsf", -1e10],
    ["ra", 1e5],
    ["ndethist", 2 ** 31 - 1],
    ["scorr", -1e7],
    ["sky", 1e6],
    ["jdstarthist", 58000],
    ["jd", 0],
    ["jd", 60_000],
    ["jd", -1e30],
    ["jd", -999],
    ["jd", 1.7e9],
  ])("refuses a %s of %d, of which no training can have seen the like", (field, value) => {
    const { reasons } = extract({ [field]: value });
    expect(reasons.length).toBeGreaterThan(0);
    for (const { code, got } of reasons) expect([code, typeof got]).toEqual(["feature-out-of-range", "string"]);
  });

  it.each([0, -1e20, 1e300, 58000])("flags a jdstarthist of %d, or refuses what comes of it", (jdstarthist) => {
    const { flags, reasons } = extract({ jdstarthist });
    if (reasons.length === 0) expect(flags).toContain("out-of-range:jdstarthist");
  });

  it("flags dates of the history that can be none, and no others", () => {
    const extractAll = (points: LightCurve) =>
      extractFeatures(BTSBOT_V1, { alert: makeAlert({}), history: points }).flags;
    expect(extractAll(makeHistory([2459003.5, 17], [1e300, 18]))).toContain("out-of-range:history");
    expect(extractAll(makeHistory([2459003.5, 17], [2_460_000.5, 18]))).not.toContain("out-of-range:history");
    expect(extract({ jdstarthist: null }).flags).not.toContain("out-of-range:jdstarthist");
    expect(extract({ jdstarthist: -999 }).flags).not.toContain("out-of-range:jdstarthist");
  });

  it("takes -999 for a mark of neighbours in catalogs alone", () => {
    const marked = Object.entries(FEATURE_RANGES).flatMap(([name, range]) =>
      "marked" in range && range.marked ? [name] : [],
    );
    const near = ["distnr", "magnr", "chinr", "sharpnr", "neargaia", "neargaiabright"];
    expect(marked.sort()).toEqual(
      ["sgscore", "distpsnr"]
        .flatMap((name) => [1, 2, 3].map((i) => `${name}${i}`))
        .concat(near)
        .sort(),
    );
    for (const { name, features } of PROFILES)
      for (const feature of features) {
        const judged = judgeFeature({ ...feature, value: () => -999 }, { alert: makeAlert({}), history });
        const said = judged.value === undefined ? "refused" : judged.flags.join();
        const expected = feature.range?.marked === true ? `sentinel:${feature.name}` : /^(refused|out-of-range:.*)$/;
        if (!feature.range?.computed) expect(said, `${name} ${feature.name}`).toMatch(expected);
      }
  });

  it.each([NaN, Infinity, 1e300, -1e300])("refuses %d as a date", (jd) => {
    expect(extract({ jd }).reasons).toContainEqual(
      expect.objectContaining({ code: "feature-non-finite", feature: "jd" }),
    );
  });

  it.each([2_454_000.5, 2_475_000.5])("flags %d as a date, which no survey's packets have", (jd) => {
    const { flags, reasons } = checkDate(makeAlert({ jd }));
    expect([flags, reasons]).toEqual([["out-of-range:jd"], []]);
  });

  it("takes -999 days for a number like any other, since days are computed", () => {
    const later = makeHistory([2459003.5, 17.25], [2460009.5, 17]);
    const { flags, values } = extractFeatures(KOWALSKI, { alert: makeAlert({ jd: 2459010.5 }), history: later });
    const place = KOWALSKI.features.findIndex(({ name }) => name === "days_since_peak");
    expect([values[place], flags]).toEqual([-999, ["drb-from-packet"]]);
  });

  it("does without a jdstarthist after the alert, and says so", () => {
    expect(extract({ jdstarthist: 2_470_000 }).flags).toContain("jdstarthist-missing");
    expect(extract({ jdstarthist: 2459010.50001 }).flags).not.toContain("jdstarthist-missing");
  });

  it("counts what single precision cannot hold as infinite", () => {
    for (const value of [1e300, -1e39, 3.5e38]) {
      expect(extract({ scorr: value }).reasons).toMatchObject([{ code: "feature-non-finite", feature: "scorr" }]);
    }
    // The largest float32 is a number, if an impossible one.
    expect(extract({ scorr: 3.4028234663852886e38 }).reasons).toMatchObject([{ code: "feature-out-of-range" }]);
  });

  it("holds for any number of any field: scored values are finite float32 near their range, or -999", () => {
    const names = [...new Set([...BTSBOT_V1.features, ...ACAI.features].map(({ path }) => path))]
      .filter((path) => /^candidate\.\w+$/.test(path))
      .map((path) => path.slice("candidate.".length));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.double(), (field, value) => {
        for (const profile of [BTSBOT_V1, ACAI]) {
          const { values, reasons } = extractFeatures(profile, { alert: makeAlert({ [field]: value }), history });
          const refused = new Set(reasons.map(({ feature }) => feature));
          profile.features.forEach(({ name, range }, place) => {
            if (refused.has(name)) return expect(values[place]).toBeNaN();
            const { least, greatest, room = 10 } = range!;
            const most = room * (greatest - least);
            expect(values[place] === -999 || (values[place] >= least - most && values[place] <= greatest + most)).toBe(
              true,
            );
          });
        }
      }),
    );
  });
});

describeWithData("the ranges on real packets", (folder) => {
  it("hold every feature of every packet but a few: none is refused, and none flagged", () => {
    for (const { alert } of readReferenceAlerts(folder)) {
      for (const profile of PROFILES) {
        const { flags, reasons } = extractFeatures(profile, { alert, history: toLightCurve(alert) });
        expect(reasons.filter(({ code }) => code !== "feature-missing")).toEqual([]);
        expect(
          flags.filter((flag) => flag.startsWith("out-of-range")),
          alert.objectId,
        ).toEqual([]);
      }
    }
  });
});
