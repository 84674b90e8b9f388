import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";
import { ACAI, ALERCE_STAMP_23, ALERCE_STAMP_26, BTSBOT_V0_3, BTSBOT_V1, extractFeatures } from "../src/index.js";
import type { FeatureProfile, Features } from "../src/index.js";
import { makeAlert } from "./makeAlert.js";

const WHOLE = {
  isdiffpos: "t",
  rb: 0.7,
  sgscore3: 0.5,
  distpsnr3: 9.5,
  distnr: 0.4,
  magnr: 17.5,
  classtar: 0.9,
  clrcoeff: 0.1,
  clrcounc: 0.01,
  neargaia: 3.5,
  neargaiabright: -999,
};

const extract = (profile: FeatureProfile, alert: Alert, realBogus?: number): Features =>
  extractFeatures(profile, { alert, history: toLightCurve(alert), ...(realBogus !== undefined && { realBogus }) });
const valueOf = ({ names, values }: Features, name: string): number => values[names.indexOf(name)];

describe("btsbot-v0.3", () => {
  it("gives its 14 numbers in order", () => {
    const { names, values, flags, reasons } = extract(BTSBOT_V0_3, makeAlert());
    expect(names.join(" ")).toBe(
      "sgscore1 distpsnr1 sgscore2 distpsnr2 fwhm magpsf sigmapsf ra dec diffmaglim ndethist nmtchps age peakmag_so_far",
    );
    expect([...values]).toEqual([0.1, 2.5, 0.9, 7.5, 2.1, 18.5, 0.1, 150.1, -12.5, 20.4, 4, 7, 10, 18.5]);
    expect([flags, reasons]).toEqual([[], []]);
  });

  it("needs no real/bogus score", () => {
    expect(extract(BTSBOT_V0_3, makeAlert({ drb: null })).reasons).toEqual([]);
  });
});

describe("acai", () => {
  it("gives its 25 numbers in order", () => {
    const { names, values, flags, reasons } = extract(ACAI, makeAlert(WHOLE));
    expect(names.join(" ")).toBe(
      "drb diffmaglim ra dec magpsf sigmapsf chipsf fwhm sky chinr sharpnr sgscore1 distpsnr1 sgscore2 distpsnr2 sgscore3 distpsnr3 ndethist ncovhist scorr nmtchps clrcoeff clrcounc neargaia neargaiabright",
    );
    expect([...values]).toEqual([
      0.98, 20.4, 150.1, -12.5, 18.5, 0.1, 3, 2.1, 0.3, 0.7, -0.02, 0.1, 2.5, 0.9, 7.5, 0.5, 9.5, 4, 30, 21.5, 7, 0.1,
      0.01, 3.5, -999,
    ]);
    expect([flags, reasons]).toEqual([["drb-from-packet", "sentinel:neargaiabright"], []]);
  });

  it("takes a given real/bogus score for drb, and flags it", () => {
    const given = extract(ACAI, makeAlert({ ...WHOLE, drb: null }), 0.25);
    expect([valueOf(given, "drb"), given.flags[0], given.reasons]).toEqual([0.25, "drb-given", []]);
  });

  it("names what is missing, by the profile's names", () => {
    const { reasons } = extract(ACAI, makeAlert({ ...WHOLE, drb: null, neargaia: null }));
    expect(reasons.map(({ code, feature }) => [code, feature])).toEqual([
      ["feature-missing", "drb"],
      ["feature-missing", "neargaia"],
    ]);
  });
});

describe("alerce-stamp-26 and -23", () => {
  it("give their numbers in order, unscaled", () => {
    const long = extract(ALERCE_STAMP_26, makeAlert({ ...WHOLE, ncovhist: 5000 }));
    expect(long.names.join(" ")).toBe(
      "sgscore1 distpsnr1 sgscore2 distpsnr2 sgscore3 distpsnr3 isdiffpos fwhm magpsf sigmapsf ra dec diffmaglim rb distnr magnr classtar ndethist ncovhist ecl_lat ecl_long gal_lat gal_long non_detections chinr sharpnr",
    );
    expect([long.reasons, long.flags]).toEqual([[], []]);
    expect([...long.values.slice(0, 19)]).toEqual([
      0.1, 2.5, 0.9, 7.5, 0.5, 9.5, 0, 2.1, 18.5, 0.1, 150.1, -12.5, 20.4, 0.7, 0.4, 17.5, 0.9, 4, 5000,
    ]);
    expect([...long.values.slice(23)]).toEqual([4996, 0.7, -0.02]);
    const short = extract(ALERCE_STAMP_23, makeAlert({ ...WHOLE, ncovhist: 5000 }));
    expect(short.names).toEqual(long.names.filter((name) => !["rb", "distnr", "magnr"].includes(name)));
    for (const name of short.names) expect(valueOf(short, name), name).toBe(valueOf(long, name));
  });

  it.each([
    ["t", 0],
    ["1", 0],
    [1, 0],
    [true, 0],
    ["f", 1],
    ["0", 1],
    [0, 1],
    [-1, 1],
    [false, 1],
  ])("has isdiffpos %j as %d, the code's way and not the paper's", (isdiffpos, expected) => {
    expect(valueOf(extract(ALERCE_STAMP_26, makeAlert({ ...WHOLE, isdiffpos })), "isdiffpos")).toBe(expected);
  });

  it("do not guess a sign", () => {
    for (const isdiffpos of [null, "", "maybe"]) {
      const { reasons } = extract(ALERCE_STAMP_26, makeAlert({ ...WHOLE, isdiffpos }));
      expect(reasons).toMatchObject([{ code: "feature-missing", feature: "isdiffpos" }]);
    }
  });

  it("find the alert's own detection among others, with its id or without", () => {
    const alert = makeAlert({ ...WHOLE, isdiffpos: "f" });
    const own = toLightCurve(alert).detections[0];
    const others = [
      { ...own, candid: 4n, positive: true },
      { ...own, candid: null, fid: 2, positive: true },
    ];
    for (const candid of [own.candid, null]) {
      const history = { detections: [...others, { ...own, candid }], nondetections: [] };
      expect(valueOf(extractFeatures(ALERCE_STAMP_26, { alert, history }), "isdiffpos")).toBe(1);
    }
  });

  it("have no coordinates without a position", () => {
    const { reasons } = extract(ALERCE_STAMP_26, makeAlert({ ...WHOLE, dec: null }));
    expect(reasons.map(({ feature }) => feature)).toEqual(["dec", "ecl_lat", "ecl_long", "gal_lat", "gal_long"]);
    expect(reasons[1].path).toBe("candidate.ra, candidate.dec");
  });
});

describeWithData("the features of real packets", (folder) => {
  const packets = () => readReferenceAlerts(folder).filter(({ reference }) => reference.features_alerce !== undefined);

  it("equal the reference for ALeRCE: numbers to 1e-9, coordinates to 1e-7 degrees", () => {
    let farthest = 0;
    expect(packets().length).toBe(131);
    for (const { alert, reference } of packets()) {
      const features = extract(ALERCE_STAMP_26, alert);
      expect(features.names).toEqual(Object.keys(reference.features_alerce!));
      expect(features.reasons, reference.candid).toEqual([]);
      for (const [name, expected] of Object.entries(reference.features_alerce!)) {
        const difference = Math.abs(valueOf(features, name) - expected!);
        if (/^(ecl|gal)_/.test(name)) farthest = Math.max(farthest, difference);
        else expect(difference, `${reference.candid} ${name}`).toBeLessThanOrEqual(1e-9 * Math.abs(expected!));
      }
    }
    expect(farthest).toBeLessThan(1e-7);
  });

  it("are the packet's own fields for acai, and miss what it misses", () => {
    for (const { alert, reference } of packets()) {
      const features = extract(ACAI, alert);
      for (const name of features.names)
        expect(valueOf(features, name), `${reference.candid} ${name}`).toEqual(alert.candidate[name] ?? NaN);
      const unscored = reference.scores!.acai_h === null;
      expect(features.reasons.length > 0, reference.candid).toBe(unscored);
    }
  });

  it("are the packet's own fields for btsbot-v0.3, age and peak as in btsbot-v1", () => {
    for (const { alert, reference } of packets()) {
      const features = extract(BTSBOT_V0_3, alert);
      const training = extract(BTSBOT_V1, alert);
      for (const name of features.names) {
        const expected =
          name === "age" || name === "peakmag_so_far" ? valueOf(training, name) : (alert.candidate[name] ?? NaN);
        expect(valueOf(features, name), `${reference.candid} ${name}`).toEqual(expected);
      }
      expect(features.reasons.length > 0, reference.candid).toBe(reference.scores!["btsbot-v0.3"] === null);
    }
  });
});
