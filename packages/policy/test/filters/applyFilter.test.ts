import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { applyFilter, getFilter, parseFilter } from "../../src/index.js";
import type { FilterOptions, FilterRule } from "../../src/index.js";
import { JD, makeSource } from "./makeSource.js";

const apply = (rule: FilterRule, alert: Alert = makeSource(), options: FilterOptions = {}) =>
  applyFilter(parseFilter({ name: "mine", description: "", rule }), alert, options);
const reason = (
  rule: FilterRule,
  fields: Readonly<Record<string, number | string | null>> = {},
  options: FilterOptions = {},
): string => apply({ all: [rule] }, makeSource(fields), options).checks[0].reason;
const TRUE: FilterRule = { compare: ["magpsf", "<", 18] };
const FALSE: FilterRule = { compare: ["drb", "<", 0.5] };

describe("applyFilter", () => {
  it("makes every check, and gives each its reason and the numbers it looked at", () => {
    const rock: FilterRule = {
      name: "rock",
      all: [{ compare: [0, "<=", "ssdistnr", "<", 12] }, { compare: ["ssmagnr", "<", 20] }],
    };
    expect(
      apply(
        { all: [{ compare: ["magpsf", "<", 17] }, { not: rock }, TRUE] },
        makeSource({ ssdistnr: 3.25, ssmagnr: 18 }),
      ),
    ).toEqual({
      name: "mine",
      pass: false,
      reason: "magpsf 17.5 >= 17; rock: 0 <= ssdistnr 3.25 < 12 and ssmagnr 18 < 20",
      checks: [
        { name: "magpsf", pass: false, reason: "magpsf 17.5 >= 17", values: { magpsf: 17.5 } },
        {
          name: "rock",
          pass: false,
          reason: "0 <= ssdistnr 3.25 < 12 and ssmagnr 18 < 20",
          values: { ssdistnr: 3.25, ssmagnr: 18 },
        },
        { name: "magpsf", pass: true, reason: "magpsf 17.5 < 18", values: { magpsf: 17.5 } },
      ],
      missing: [],
    });
  });

  it("can be written as JSON and sent to another thread", () => {
    const result = applyFilter(getFilter("bts-production"), makeSource({ drb: null }));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(structuredClone(result)).toEqual(result);
  });

  it("has one check where the rule is one, or has a name", () => {
    const names = (rule: FilterRule) => apply(rule).checks.map(({ name }) => name);
    expect(names(TRUE)).toEqual(["magpsf"]);
    expect(names({ name: "both", all: [TRUE, TRUE] })).toEqual(["both"]);
    expect(names({ any: [{ not: { name: "faint", ...FALSE } }, TRUE] })).toEqual(["faint"]);
    expect(names({ not: { isdiffpos: "negative" } })).toEqual(["isdiffpos"]);
    expect(names({ compare: [1, "<", 2] })).toEqual(["1"]);
  });

  it.each<[string, FilterRule, boolean]>([
    ["all of true", { all: [TRUE, TRUE] }, true],
    ["all with one false", { all: [TRUE, FALSE] }, false],
    ["any with one true", { any: [FALSE, TRUE] }, true],
    ["any of false", { any: [FALSE, FALSE] }, false],
    ["not true", { not: TRUE }, false],
    ["not false", { not: FALSE }, true],
    ["not any of false", { not: { any: [FALSE, FALSE] } }, true],
    ["not all with one false", { not: { all: [TRUE, FALSE] } }, true],
  ])("%s", (_, rule, pass) => {
    expect(apply(rule).pass).toBe(pass);
    expect(apply({ all: [{ name: "it", all: [rule] }] }).pass).toBe(pass);
  });

  it("tells what decided: the first that settles it, or all", () => {
    const [faint, bogus]: FilterRule[] = [{ compare: ["magpsf", ">", 19] }, { compare: ["drb", "<", 0.5] }];
    expect(reason({ name: "any", any: [faint, bogus] })).toBe("magpsf 17.5 <= 19 and drb 0.99 >= 0.5");
    expect(reason({ name: "any", any: [faint, TRUE, bogus] })).toBe("magpsf 17.5 < 18");
    expect(reason({ name: "all", all: [TRUE, faint, bogus] })).toBe("magpsf 17.5 <= 19");
    expect(reason({ name: "any", any: [faint, faint] })).toBe("magpsf 17.5 <= 19");
  });

  it.each<[FilterRule, string]>([
    [{ compare: [20, ">", "magpsf"] }, "magpsf 17.5 < 20"],
    [{ compare: [0, "<=", "ssdistnr", "<", 12] }, "ssdistnr -999 < 0"],
    [{ compare: [0, "<=", "drb", "<", 0.9] }, "drb 0.99 >= 0.9"],
    [{ compare: ["sgscore1", "==", 0.5] }, "sgscore1 0.02 is not 0.5"],
    [{ compare: ["magnr", "<", { minus: ["magpsf", 1] }] }, "magnr 18.8 >= magpsf - 1: 16.5"],
    [{ compare: [{ abs: "ssmagnr" }, "<", 20] }, "|ssmagnr| 999 >= 20"],
    [{ compare: ["age", ">", 90] }, "age 2 <= 90"],
    [{ compare: [{ firstOf: ["srmag1", "simag1"] }, "<", 20] }, "first of srmag1, simag1: 19.2 < 20"],
    [{ compare: [{ brightestOf: ["srmag1", "szmag1"] }, "<", 18] }, "brightest of srmag1, szmag1: 18.9 >= 18"],
    [
      { compare: [{ count: { positive: true, daysBefore: { above: 0.02 } } }, ">=", 1] },
      "positive detections over 0.02 d before: 1 >= 1",
    ],
    [{ compare: [{ count: { points: "upper-limits", sameBand: true } }, ">", 1] }, "same-band upper limits: 1 <= 1"],
    [
      { compare: [{ peak: { magpsf: { above: 17.5, below: 19 } } }, "<", 18] },
      "peak of detections magpsf over 17.5 and under 19: 18.2 >= 18",
    ],
    [{ compare: [{ score: "acai_h" }, ">", 0.8] }, "score acai_h: 0.9 > 0.8"],
    [{ isdiffpos: "negative" }, "isdiffpos is positive"],
  ])("says %j in words", (rule, words) => {
    expect(reason(rule, {}, { scores: { acai_h: 0.9 } })).toBe(words);
  });

  it("shows numbers in six digits, or in full where six would read false", () => {
    expect(reason({ compare: ["magpsf", "<", 19] }, { magpsf: Math.fround(18.46) })).toBe("magpsf 18.46 < 19");
    expect(reason({ compare: ["magpsf", "<", 19] }, { magpsf: 18.99999999 })).toBe("magpsf 18.99999999 < 19");
    expect(reason({ compare: ["magpsf", "<", 19] }, { magpsf: 19.00000001 })).toBe("magpsf 19 >= 19");
    expect(reason({ compare: ["sgscore1", "==", 0.5] }, { sgscore1: 0.50000001 })).toBe(
      "sgscore1 0.50000001 is not 0.5",
    );
    expect(apply(TRUE, makeSource({ magpsf: Math.fround(17.3) })).checks[0].values).toEqual({
      magpsf: Math.fround(17.3),
    });
  });

  describe("a number that is missing", () => {
    const LIKE: readonly (number | string | null)[] = [null, NaN, Infinity, "18"];
    it.each(LIKE.map((value) => [value]))("%s makes no comparison hold", (magpsf) => {
      for (const operator of ["<", "<=", ">", ">=", "=="] as const) {
        const { pass, missing, checks } = apply({ compare: ["magpsf", operator, 19] }, makeSource({ magpsf }));
        expect([pass, missing, checks[0].values, checks[0].reason]).toEqual([
          false,
          ["magpsf"],
          { magpsf: null },
          "magpsf is missing",
        ]);
      }
    });

    it("is less than every number where the rule says so, or a rule around it", () => {
      const holds = (operator: "<" | "<=" | ">" | ">=" | "==", missing?: "lowest" | "fails"): boolean =>
        apply(
          {
            missing: "lowest",
            all: [{ ...(missing && { missing }), compare: [{ abs: { minus: ["magpsf", 1] } }, operator, -1e9] }],
          },
          makeSource({ magpsf: null }),
        ).pass;
      expect((["<", "<=", ">", ">=", "=="] as const).map((operator) => holds(operator))).toEqual([
        true,
        true,
        false,
        false,
        false,
      ]);
      expect(holds("<", "fails")).toBe(false);
      expect(
        apply({ missing: "lowest", compare: ["magpsf", "<", "drb"] }, makeSource({ magpsf: null, drb: null })).pass,
      ).toBe(false);
    });

    it("is named once, however often it was looked at", () => {
      const { missing, checks } = apply(
        { all: [{ not: FALSE }, FALSE, { compare: ["age", ">", 1] }] },
        makeSource({ drb: null, jdstarthist: null }),
      );
      expect(missing).toEqual(["drb", "age"]);
      expect(checks.map(({ pass }) => pass)).toEqual([true, false, false]);
    });

    it("is also a sign that nobody can read, and a field with a name that objects have by themselves", () => {
      expect(apply({ isdiffpos: "negative" }, makeSource({ isdiffpos: "?" }))).toMatchObject({
        pass: false,
        missing: ["isdiffpos"],
        reason: "isdiffpos is missing",
      });
      expect(apply({ compare: ["constructor", "<", 1] }).missing).toEqual(["constructor"]);
      expect(apply({ compare: [{ score: "toString" }, "<", 1] }).missing).toEqual(["score toString"]);
    });
  });

  it("reads integers that came as 64 bits", () => {
    const alert = makeSource();
    expect(apply({ compare: ["nid", "==", 5] }, { ...alert, candidate: { ...alert.candidate, nid: 5n } }).pass).toBe(
      true,
    );
  });

  it("takes 99 for a magnitude that no field and no detection has", () => {
    const none = { srmag1: -999, simag1: 0, szmag1: null };
    expect(reason({ compare: [{ firstOf: ["srmag1", "simag1", "szmag1"] }, "<", 20] }, none)).toBe(
      "first of srmag1, simag1, szmag1: 99 >= 20",
    );
    expect(reason({ compare: [{ brightestOf: ["srmag1", "simag1"] }, "<", 20] }, none)).toBe(
      "brightest of srmag1, simag1: 99 >= 20",
    );
    expect(reason({ compare: [{ peak: { daysBefore: { above: 50 } } }, "<", 20] })).toBe(
      "peak of detections over 50 d before: 99 >= 20",
    );
  });

  it("takes a history that is longer than the packet's, and no later point of it", () => {
    const alert = makeSource({}, []);
    const earlier = { jd: JD - 60, fid: 1, magpsf: 18, isdiffpos: "t" };
    const history = toLightCurve(alert, [earlier, { ...earlier, jd: JD + 1 }]);
    const count: FilterRule = { compare: [{ count: { positive: true } }, "==", 2] };
    expect([apply(count, alert).pass, apply(count, alert, { history }).pass]).toEqual([false, true]);
    // The history of the source's last alert, given with an earlier one.
    const last = toLightCurve({ ...alert, candid: 2n, candidate: { ...alert.candidate, jd: JD + 2 } }, [
      alert,
      earlier,
      { ...earlier, jd: JD + 1 },
    ]);
    expect([last.detections.length, apply(count, alert, { history: last }).pass]).toEqual([4, true]);
  });

  it("reads the packet when no history is given, or has none", () => {
    expect(apply({ compare: [{ count: {} }, "==", 1] }, { ...makeSource(), prv_candidates: null }).pass).toBe(true);
  });

  it("changes neither filter nor alert", () => {
    const freeze = <T extends object>(value: T): T => {
      Object.values(value).forEach((inner) => typeof inner === "object" && inner !== null && freeze(inner as object));
      return Object.freeze(value);
    };
    expect(applyFilter(freeze(structuredClone(getFilter("bts-2020"))), freeze(makeSource())).pass).toBe(true);
  });
});
