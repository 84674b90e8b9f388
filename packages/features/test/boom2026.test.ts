import { toLightCurve } from "@btsbot/alert";
import type { Alert, PrvCandidate } from "@btsbot/alert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOOM_2026, BTSBOT_V1, extractFeatures } from "../src/index.js";
import type { Features } from "../src/index.js";
import { makeAlert } from "./makeAlert.js";

const detect = (jd: number, magpsf: number, rest: Partial<PrvCandidate> = {}): PrvCandidate => ({
  jd,
  fid: 2,
  magpsf,
  sigmapsf: 0.1,
  ...rest,
});
const alertWith = (prv_candidates: readonly PrvCandidate[], fields = {}): Alert => ({
  ...makeAlert(fields),
  prv_candidates,
});
const extract = (alert: Alert, profile = BOOM_2026): Features =>
  extractFeatures(profile, { alert, history: toLightCurve(alert) });
const DATES = ["age", "days_since_peak", "days_to_peak", "peakmag_so_far", "maxmag_so_far"];
const valuesOf = ({ names, values }: Features): number[] => DATES.map((name) => values[names.indexOf(name)]);

describe("boom-2026", () => {
  it("has the names and the order of btsbot-v1, and says where it differs", () => {
    expect(BOOM_2026.features.map(({ name }) => name)).toEqual(BTSBOT_V1.features.map(({ name }) => name));
    const different = BOOM_2026.features.filter(({ differs }) => differs !== undefined).map(({ name }) => name);
    expect(different).toEqual(DATES.toSorted((a, b) => names().indexOf(a) - names().indexOf(b)));
  });

  it("counts age forward from the lesser of jdstarthist and the first point", () => {
    expect(valuesOf(extract(alertWith([detect(2459003.5, 17.25)], { jdstarthist: 2458000.5 })))[0]).toBe(1010);
    expect(valuesOf(extract(alertWith([detect(2459003.5, 17.25)], { jdstarthist: 2459005.5 })))[0]).toBe(7);
    expect(valuesOf(extract(alertWith([detect(2459003.5, 17.25)], { jdstarthist: null })))).toEqual([
      7, 7, 0, 17.25, 18.5,
    ]);
  });

  it("leaves out what is below 5 sigma, by snr_psf where the packet has it, of either sign, else by sigmapsf", () => {
    const faint = detect(2459003.5, 21, { sigmapsf: 0.22 });
    const known = (snr_psf: number) => detect(2459003.5, 21, { snr_psf, sigmapsf: 0.22 });
    expect(valuesOf(extract(alertWith([faint])))[4]).toBe(18.5);
    expect(valuesOf(extract(alertWith([{ ...faint, sigmapsf: 0.21 }])))[4]).toBe(21);
    expect(valuesOf(extract(alertWith([known(5)])))[4]).toBe(21);
    expect(valuesOf(extract(alertWith([known(-5)])))[4]).toBe(21);
    expect(valuesOf(extract(alertWith([known(4.99)])))[4]).toBe(18.5);
  });

  it("is flagged where a signal to noise was derived, and not where the packet has all", () => {
    expect(extract(alertWith([])).flags).toContain("snr-from-sigmapsf");
    expect(extract(alertWith([], { snr_psf: 12 })).flags).not.toContain("snr-from-sigmapsf");
    expect(extract(alertWith([detect(2459003.5, 18)], { snr_psf: 12 })).flags).toContain("snr-from-sigmapsf");
  });

  it("has no score without a point above the cut, and none without drb", () => {
    const missing = extract(alertWith([], { sigmapsf: 0.3, drb: null })).reasons.map(({ feature }) => feature);
    expect(new Set(missing)).toEqual(new Set([...DATES, "new_drb"]));
  });

  it("is the training's, wherever every point is above the cut", () => {
    const points = fc.array(
      fc.record({
        jd: fc.integer({ min: 1, max: 900 }).map((tenths) => 2459010.5 - tenths / 10),
        magpsf: fc.integer({ min: 130, max: 210 }).map((tenths) => tenths / 10),
        sigmapsf: fc.integer({ min: 1, max: 20 }).map((hundredths) => hundredths / 100),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 2000 }), (past, days) => {
        const alert = alertWith(
          past.map(({ jd, magpsf, sigmapsf }) => detect(jd, magpsf, { sigmapsf })),
          { jdstarthist: 2459010.5 - days },
        );
        expect(valuesOf(extract(alert))).toEqual(valuesOf(extract(alert, BTSBOT_V1)));
      }),
    );
  });
});

function names(): string[] {
  return BTSBOT_V1.features.map(({ name }) => name);
}
