import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readSn2023tyk } from "../../../test/support/sn2023tyk.js";
import { getPolicy, parsePolicy, POLICIES } from "../src/index.js";
import type { PolicyAlert } from "../src/index.js";
import { alert, run } from "./alerts.js";

const final = (name: string, ...alerts: Partial<PolicyAlert>[]): bigint | undefined =>
  run(
    getPolicy(name),
    alerts.map((values, index) => alert(index + 1, values)),
  ).final?.candid;

it("the ready policies are plain data that read back as themselves, each with its source", () => {
  expect(POLICIES.map(({ name }) => name).join(" ")).toBe(
    "gt1 gt2 gt3 gt1_code gt2_code gt3_code bts_p1 bts_p2 bts_p1_code bts_p2_code prod_p1 prod_p2 gt1b19 gt3b19 nearby",
  );
  for (const policy of POLICIES) {
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
    expect(getPolicy(policy.name)).toBe(policy);
    expect(policy.source).toBeTruthy();
  }
});

it.each(["gt0", "gt01", "gt1001", "gt", "GT1", "gt1_kode", "bts_p3", ""])("%j is no policy", (name) => {
  expect(() => getPolicy(name)).toThrow(expect.objectContaining({ code: "policy-unknown", got: name }));
});

describe("where paper and code differ", () => {
  const half = { score: 0.5 };

  it("a score of exactly 0.5 counts in the papers; numpy.rint makes it 0", () => {
    expect(final("gt1", half)).toBe(1n);
    expect(final("gt1_code", half)).toBeUndefined();
    expect(final("gt1_code", { score: 0.5000001 })).toBe(1n);
    expect(final("bts_p1", half, half)).toBe(2n);
    expect(final("bts_p1_code", half, half)).toBeUndefined();
    expect(final("gt1b19", half)).toBeUndefined();
  });

  it("a magnitude of exactly 19 counts in the paper, not in the code", () => {
    const at19 = { magpsf: 19 };
    expect(final("bts_p1", at19, at19)).toBe(2n);
    expect(final("bts_p1_code", at19, at19)).toBeUndefined();
    expect(final("prod_p1", at19)).toBeUndefined();
    expect(final("gt1b19", at19)).toBeUndefined();
    expect(final("gt3b19", {}, {}, at19, { magpsf: 18.99 })).toBe(4n);
  });

  it("priority 2 asks for one alert of 18.5 or brighter, of any score, in both", () => {
    const faint = { magpsf: 18.51 };
    for (const name of ["bts_p2", "bts_p2_code"]) {
      expect(final(name, faint, faint, faint)).toBeUndefined();
      expect(final(name, faint, faint, { magpsf: 18.5, score: 0 })).toBe(3n);
      expect(final(name, { magpsf: 18.5, score: 0 }, faint, faint)).toBe(3n);
      expect(getPolicy(name)).toMatchObject({ action: "trigger", priority: 2 });
    }
  });

  it("production asks for one alert over 0.85", () => {
    expect(final("prod_p1", { score: 0.85 }, { score: 0.851, magpsf: 18.9 })).toBe(2n);
    expect(final("prod_p2", { score: 0.85 }, { score: 0.851, magpsf: 18.9 })).toBe(2n);
    expect(final("prod_p2", { score: 0.851, magpsf: 18.9 })).toBeUndefined();
  });
});

it("nearby leaves out unmatched catalogues and one principal investigator", () => {
  const near = { sgscore1: 0, sgscore2: 0.5, programpi: "Kulkarni" };
  const with_ = (fields: Record<string, number | string>): Partial<PolicyAlert> => ({ fields: { ...near, ...fields } });
  expect(
    final("nearby", with_({ sgscore1: -999 }), with_({ sgscore2: -999 }), with_({ programpi: "Prince" }), {
      fields: near,
    }),
  ).toBe(4n);
  expect(final("nearby", {})).toBeUndefined();
  expect(final("nearby", { score: 0.49, fields: near }, { fields: { sgscore1: 0, sgscore2: 0 } })).toBe(2n);
});

describeWithData("SN 2023tyk", (folder) => {
  const table = readSn2023tyk(folder);
  const [jd, magpsf, fid, sgscore1, sgscore2] = ["jd", "magpsf", "fid", "sgscore1", "sgscore2"].map((name) =>
    table.column(name),
  );
  const alerts = jd.map((each, index): PolicyAlert => ({
    objectId: "ZTF23abhvlji",
    // The table has the ids to 6 digits: 23 different numbers, which serve here.
    candid: BigInt(table.column("candid")[index]),
    jd: each,
    magpsf: magpsf[index],
    fid: fid[index],
    score: table.expected[index],
    fields: { sgscore1: sgscore1[index], sgscore2: sgscore2[index] },
  }));
  const numberOf = (name: string, from = 1, last = 23): number | undefined => {
    const decision = run(getPolicy(name), alerts.slice(from - 1, last)).final;
    return decision && alerts.findIndex(({ candid }) => candid === decision.candid) + 1;
  };

  // By hand: all scores are 0.985 or more; alerts 1 to 17 are brighter than 19, 1 to 11 than 18.5 (the
  // eleventh has 18.496), the catalogue matched every one (sgscore1 0.056, sgscore2 0.5 or 0.66).
  it.each([
    ["gt1", 1, 2460220.941],
    ["gt2", 2, 2460222.943],
    ["gt3", 3, 2460222.991],
    ["gt1_code", 1, 2460220.941],
    ["gt2_code", 2, 2460222.943],
    ["gt3_code", 3, 2460222.991],
    ["bts_p1", 2, 2460222.943],
    ["bts_p2", 2, 2460222.943],
    ["bts_p1_code", 2, 2460222.943],
    ["bts_p2_code", 2, 2460222.943],
    ["prod_p1", 1, 2460220.941],
    ["prod_p2", 1, 2460220.941],
    ["gt1b19", 1, 2460220.941],
    ["gt3b19", 3, 2460222.991],
    ["nearby", 1, 2460220.941],
  ])("fires %s at alert %i, JD %d", (name, number, when) => {
    const { said } = run(getPolicy(name), alerts);
    expect(said).toHaveLength(1);
    expect(said[0].jd).toBe(when);
    expect(numberOf(name)).toBe(number);
  });

  it("covers every ready policy, and any N", () => {
    expect(numberOf("gt7")).toBe(7);
    expect(numberOf("gt23")).toBe(23);
    expect(numberOf("gt24")).toBeUndefined();
    expect(alerts).toHaveLength(23);
  });

  it("fires as late as it should when the supernova is first seen fading", () => {
    // From alert 11 on one is brighter than 18.5, from 12 on none; 17 is the last brighter than 19.
    expect([numberOf("bts_p1", 11), numberOf("bts_p2", 11)]).toEqual([12, 12]);
    expect([numberOf("bts_p1", 12), numberOf("bts_p2", 12)]).toEqual([13, undefined]);
    expect([numberOf("bts_p1", 16), numberOf("gt3b19", 16), numberOf("gt3b19", 15)]).toEqual([17, undefined, 17]);
    expect([numberOf("bts_p1", 17), numberOf("prod_p1", 17), numberOf("prod_p1", 18)]).toEqual([
      undefined,
      17,
      undefined,
    ]);
    expect([numberOf("gt3", 18), numberOf("gt3", 22)]).toEqual([20, undefined]);
  });

  it("told backwards it revises to the same end", () => {
    for (const policy of POLICIES) {
      const backwards = run(policy, alerts.toReversed());
      expect(backwards.final).toEqual(run(policy, alerts).final);
      expect(backwards.said.filter(({ revised }) => !revised)).toHaveLength(1);
    }
  });
});
