import { toLightCurve } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { BTSBOT_V1, extractFeatures } from "../src/index.js";
import { makeAlert, makeHistory } from "./makeAlert.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";

const history = makeHistory([2459003.5, 17.25], [2459006.5, 19.5], [2459010.5, 18.5]);
const extract = (fields: Parameters<typeof makeAlert>[0] = {}, realBogus?: number) =>
  extractFeatures(BTSBOT_V1, { alert: makeAlert(fields), history, ...(realBogus !== undefined && { realBogus }) });
const valueOf = ({ names, values }: ReturnType<typeof extract>, name: string) => values[names.indexOf(name)];

describe("extractFeatures with btsbot-v1", () => {
  it("gives the 25 numbers in the order of the training", () => {
    const features = extract();
    expect(features).toEqual({
      profile: "btsbot-v1",
      names: BTSBOT_V1.features.map(({ name }) => name),
      values: Float64Array.of(
        0.1,
        2.5,
        0.9,
        7.5,
        2.1,
        18.5,
        0.1,
        3,
        150.1,
        -12.5,
        20.4,
        4,
        7,
        10,
        7,
        3,
        17.25,
        0.98,
        30,
        26,
        0.7,
        -0.02,
        21.5,
        0.3,
        19.5,
      ),
      flags: ["drb-from-packet"],
      reasons: [],
    });
  });

  it("passes -999 on and flags each", () => {
    const features = extract({ sgscore2: -999, distpsnr2: -999 });
    expect([valueOf(features, "sgscore2"), valueOf(features, "distpsnr2")]).toEqual([-999, -999]);
    expect(features.flags).toEqual(["sentinel:sgscore2", "sentinel:distpsnr2", "drb-from-packet"]);
    expect(features.reasons).toEqual([]);
  });

  it("names everything that is missing or not finite at once, and keeps the rest", () => {
    const features = extract({
      sgscore1: null,
      fwhm: undefined as unknown as null,
      ncovhist: null,
      sky: NaN,
      scorr: "20",
      ra: Infinity,
    });
    expect(features.reasons.map(({ code, feature, path, got }) => [code, feature, path, got])).toEqual([
      ["feature-missing", "sgscore1", "candidate.sgscore1", "null"],
      ["feature-missing", "fwhm", "candidate.fwhm", "nothing"],
      ["feature-non-finite", "ra", "candidate.ra", "Infinity"],
      ["feature-missing", "ncovhist", "candidate.ncovhist", "null"],
      ["feature-missing", "nnotdet", "candidate.ncovhist, candidate.ndethist", "null"],
      ["feature-missing", "scorr", "candidate.scorr", "string"],
      ["feature-non-finite", "sky", "candidate.sky", "NaN"],
    ]);
    expect(features.reasons[0].message).toBe(
      "candidate.sgscore1: the alert does not give sgscore1 (expected a number, got null)",
    );
    const missing = features.names.filter((_, index) => Number.isNaN(features.values[index]));
    expect(missing).toEqual(features.reasons.map(({ feature }) => feature));
  });

  it("says which real/bogus score it took", () => {
    expect(extract().flags).toEqual(["drb-from-packet"]);
    for (const drbversion of [null, "", undefined]) {
      expect(extract({ drbversion: drbversion as null }).flags).toEqual(["drb-from-packet", "drb-unversioned"]);
    }
    for (const realBogus of [0, 0.25, 1]) {
      const given = extract({ drb: null, drbversion: null }, realBogus);
      expect([valueOf(given, "new_drb"), given.flags, given.reasons]).toEqual([realBogus, ["drb-given"], []]);
    }
  });

  it("has no real/bogus score where none is there: rb does not stand in", () => {
    const { flags, reasons } = extract({ drb: null, rb: 0.9 });
    expect([flags, reasons]).toMatchObject([
      [],
      [{ code: "feature-missing", feature: "new_drb", path: "candidate.drb, realBogus" }],
    ]);
  });

  it("refuses a real/bogus score that can be none, the packet's or the caller's", () => {
    for (const realBogus of [-0.1, 1.5, -999]) {
      const outside = { code: "feature-out-of-range", feature: "new_drb", expected: "0 to 1", got: `${realBogus}` };
      expect(extract({}, realBogus)).toMatchObject({ flags: [], reasons: [outside] });
      expect(extract({ drb: realBogus })).toMatchObject({ flags: [], reasons: [outside] });
    }
    expect(extract({}, NaN).reasons).toMatchObject([{ code: "feature-non-finite", feature: "new_drb" }]);
  });

  it("takes a count that is no number for missing", () => {
    const { reasons } = extract({ ndethist: "4" });
    expect(reasons.map(({ code, feature }) => [code, feature])).toEqual([
      ["feature-missing", "ndethist"],
      ["feature-missing", "nnotdet"],
    ]);
  });

  it("flags ages that count without jdstarthist, once", () => {
    const features = extract({ jdstarthist: null });
    expect([valueOf(features, "age"), features.flags]).toEqual([7, ["jdstarthist-missing", "drb-from-packet"]]);
  });

  it("reads integers that came as 64 bits", () => {
    expect(valueOf(extract({ nmtchps: 12n }), "nmtchps")).toBe(12);
    // Also where a rule computes with them: a broker may make a long of one of two counts, and of a date.
    const longs = extract({ ncovhist: 30n, jdstarthist: 2459000n });
    expect([valueOf(longs, "nnotdet"), valueOf(longs, "age"), longs.reasons]).toEqual([26, 10.5, []]);
  });
});

describeWithData("the 25 features of real packets", (folder) => {
  it("equal the reference, and miss what it misses", () => {
    const packets = readReferenceAlerts(folder).filter(({ reference }) => reference.features_btsbot !== undefined);
    expect(packets.length).toBe(131);
    const missing: unknown[] = [];
    for (const { alert, reference } of packets) {
      const features = extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) });
      expect(features.names).toEqual(Object.keys(reference.features_btsbot!));
      Object.entries(reference.features_btsbot!).forEach(([name, expected], index) => {
        const got = features.values[index];
        if (expected === null) {
          expect(got, `${reference.candid} ${name}`).toBeNaN();
          missing.push([reference.file, name]);
          return;
        }
        expect(Math.abs(got - expected), `${reference.candid} ${name}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
      });
      const nulls = Object.values(reference.features_btsbot!).filter((value) => value === null);
      expect(features.reasons.length, reference.candid).toBe(nulls.length);
    }
    expect(missing).toEqual([["2019_01_10_739260766315010006.avro", "new_drb"]]);
  });

  it("name what a packet of 2017 does not have", () => {
    const [{ alert }] = readReferenceAlerts(folder).filter(({ reference }) => reference.features_btsbot === undefined);
    const { reasons } = extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) });
    expect(reasons.map(({ code }) => code)).toEqual(reasons.map(() => "feature-missing"));
    expect(reasons.map(({ feature }) => feature)).toContain("new_drb");
  });
});
