import { toLightCurve } from "@btsbot/alert";
import type { Alert, FpHist, LightCurve, PrvCandidate } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readReferenceAlerts } from "../../../test/support/reference.js";
import { BOOM_2025, BTSBOT_V1, extractFeatures } from "../src/index.js";
import type { Features } from "../src/index.js";
import { makeAlert } from "./makeAlert.js";

const NOW = 2459010.5;

const detect = (jd: number, magpsf: number, rest: Partial<PrvCandidate> = {}): PrvCandidate => ({
  jd,
  fid: 2,
  magpsf,
  sigmapsf: 0.1,
  isdiffpos: "t",
  ...rest,
});
const force = (jd: number, forcediffimflux: number | null, rest: Partial<FpHist> = {}): FpHist => ({
  jd,
  fid: 2,
  forcediffimflux,
  forcediffimfluxunc: 10,
  magzpsci: 26,
  procstatus: "0",
  ...rest,
});
const alertWith = (
  prv_candidates: readonly PrvCandidate[],
  fp_hists: readonly FpHist[] | null = null,
  fields = {},
): Alert => ({
  ...makeAlert({ isdiffpos: "t", ...fields }),
  prv_candidates,
  fp_hists,
});
const extract = (alert: Alert, history: LightCurve = toLightCurve(alert)): Features =>
  extractFeatures(BOOM_2025, { alert, history });
const valuesOf = ({ names, values }: Features, ...wanted: string[]): number[] =>
  wanted.map((name) => values[names.indexOf(name)]);
const DATES = ["age", "days_since_peak", "days_to_peak"];
const ALL = [...DATES, "peakmag_so_far", "maxmag_so_far"];

describe("boom-2025", () => {
  it("has the names and the order of btsbot-v1, and says where it differs", () => {
    expect(BOOM_2025.features.map(({ name }) => name)).toEqual(BTSBOT_V1.features.map(({ name }) => name));
    const different = BOOM_2025.features.filter(({ differs }) => differs !== undefined).map(({ name }) => name);
    expect(different).toEqual(["age", "days_since_peak", "days_to_peak", "peakmag_so_far", "maxmag_so_far"]);
  });

  it("counts age backward, from the first point of the history and not from jdstarthist", () => {
    const alert = alertWith([detect(2459003.5, 17.25), detect(2459006.5, 19.5)], null, { jdstarthist: 2458000.5 });
    const features = extract(alert);
    expect(valuesOf(features, ...ALL)).toEqual([-7, 7, 0, 17.25, 19.5]);
    expect([features.flags, features.reasons]).toEqual([["drb-from-packet"], []]);
    expect(valuesOf(extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) }), ...ALL)).toEqual([
      1010, 7, 1003, 17.25, 19.5,
    ]);
    expect(extract(alertWith([], null, { jdstarthist: null })).flags).toEqual(["drb-from-packet"]);
  });

  it("has an age of 0 where the alert is all that is known", () => {
    expect(valuesOf(extract(alertWith([])), ...ALL)).toEqual([0, 0, 0, 18.5, 18.5]);
    expect(valuesOf(extract(makeAlert(), { detections: [], nondetections: [] }), ...ALL)).toEqual([
      0, 0, 0, 18.5, 18.5,
    ]);
  });

  it("takes forced photometry of 3 sigma and more, of either sign, for detections", () => {
    const forced = [force(2459002.5, 30), force(2459003.5, 29.9), force(2459004.5, -900), force(2459001.5, -29.9)];
    const [age, sincePeak, toPeak, peak, faintest] = valuesOf(
      extract(alertWith([detect(2459006.5, 19.5)], forced)),
      ...ALL,
    );
    expect([age, sincePeak, toPeak, peak]).toEqual([-8, 0, 8, 18.5]);
    // 26 - 2.5 log10(30)
    expect(faintest).toBeCloseTo(22.307196863, 8);
    const bright = extract(alertWith([detect(2459006.5, 19.5)], [force(2459004.5, -10000)]));
    expect(valuesOf(bright, ...ALL)).toEqual([-6, 6, 0, 16, 19.5]);
  });

  it.each([
    ["no flux", force(2459004.5, null)],
    ["the mark for no flux", force(2459004.5, -99999)],
    ["NaN for a flux", force(2459004.5, NaN)],
    ["no error", force(2459004.5, 1e4, { forcediffimfluxunc: null })],
    ["the mark for no error", force(2459004.5, 1e4, { forcediffimfluxunc: -99999 })],
    ["no zero point", force(2459004.5, 1e4, { magzpsci: null })],
    ["a warning", force(2459004.5, 1e4, { procstatus: "56" })],
    ["no status", force(2459004.5, 1e4, { procstatus: null })],
    ["a date after the alert", force(NOW + 1, 1e4)],
    ["a detection in the same exposure and band", force(2459006.5, 1e4)],
  ])("leaves out forced photometry with %s", (_, forced) => {
    const prv = [detect(2459006.5, 19.5)];
    expect(extract(alertWith(prv, [forced]))).toEqual(extract(alertWith(prv)));
  });

  it("keeps forced photometry at the date of a detection in another band", () => {
    expect(
      valuesOf(extract(alertWith([detect(2459006.5, 19.5)], [force(2459006.5, 1e4, { fid: 1 })])), ...ALL),
    ).toEqual([-4, 4, 0, 16, 19.5]);
  });

  it("leaves out detections without an error or a sign, and those after the alert", () => {
    const prv = [
      detect(2459003.5, 15, { sigmapsf: null }),
      detect(2459004.5, 15, { isdiffpos: null }),
      detect(2459006.5, 19.5),
    ];
    const alert = alertWith(prv);
    const history = toLightCurve(alert);
    const uncut = {
      ...history,
      detections: [
        ...history.detections,
        { ...history.detections[0], jd: NOW + 1, magpsf: 12, sigmapsf: 0.1, positive: true },
      ],
    };
    expect(valuesOf(extract(alert, uncut), ...ALL)).toEqual([-4, 0, 4, 18.5, 19.5]);
  });

  it("takes one detection for each date", () => {
    const prv = [detect(2459006.5, 19.5, { candid: 1n }), detect(2459006.5, 15, { candid: 2n })];
    expect(valuesOf(extract(alertWith(prv)), "peakmag_so_far", "maxmag_so_far")).toEqual([18.5, 19.5]);
  });

  it("takes the earliest of equal peaks", () => {
    const prv = [detect(2459006.5, 17, { fid: 1 }), detect(2459004.5, 17), detect(2459003.5, 19)];
    expect(valuesOf(extract(alertWith(prv)), ...DATES)).toEqual([-7, 6, 1]);
  });

  it("has no score without drb: rb does not stand in", () => {
    expect(extract(alertWith([], null, { drb: null, rb: 0.6 })).reasons).toMatchObject([
      { code: "feature-missing", feature: "new_drb" },
    ]);
  });

  it("misses what it computes where there is no point at all", () => {
    const { reasons } = extract(alertWith([], null, { sigmapsf: null, isdiffpos: null }));
    expect(reasons.map(({ feature }) => feature)).toEqual([
      "sigmapsf",
      "age",
      "days_since_peak",
      "days_to_peak",
      "peakmag_so_far",
      "maxmag_so_far",
    ]);
  });
});

describeWithData("boom-2025 on real packets", (folder) => {
  it("has no age above 0, and else differs from the training only in what is computed of the history", () => {
    const different = new Map<string, number>();
    for (const { alert, reference } of readReferenceAlerts(folder).filter(
      ({ reference }) => reference.custom !== undefined,
    )) {
      const history = toLightCurve(alert);
      const [theirs, ours] = [BOOM_2025, BTSBOT_V1].map((profile) => extractFeatures(profile, { alert, history }));
      expect(theirs.reasons, reference.candid).toEqual(ours.reasons);
      expect(valuesOf(theirs, "age")[0], reference.candid).toBeLessThanOrEqual(0);
      theirs.names.forEach((name, index) => {
        if (!Object.is(theirs.values[index], ours.values[index])) different.set(name, (different.get(name) ?? 0) + 1);
      });
    }
    const named = BOOM_2025.features.filter(({ differs }) => differs !== undefined).map(({ name }) => name);
    expect([...different.keys()].filter((name) => !named.includes(name))).toEqual([]);
    // Few have forced photometry, which came with schema 4; ages are equal where the alert is all that there is.
    expect(Object.fromEntries(different)).toEqual({
      age: 112,
      days_since_peak: 2,
      days_to_peak: 106,
      peakmag_so_far: 2,
      maxmag_so_far: 8,
    });
  });
});
