import { createRandom, shuffle } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import {
  CODE_THRESHOLD,
  computeCalibration,
  computeConfusion,
  computeRocCurve,
  evaluateAlerts,
} from "@btsbot/evaluate";
import { makeRandomRows, makeRows } from "./makeRows.js";

describe("evaluateAlerts", () => {
  it("gives for every bin what the functions of one metric give for its alerts", () => {
    const rows = makeRandomRows(2000, createRandom(3));
    const { byMagnitude, outsideBins, ...all } = evaluateAlerts(rows, {
      threshold: CODE_THRESHOLD,
      calibrationBins: 5,
    });
    const alone = (of: typeof rows) => ({
      count: of.length,
      confusion: computeConfusion(of, CODE_THRESHOLD),
      roc: computeRocCurve(of),
      calibration: computeCalibration(of, 5),
    });
    expect(all).toEqual(alone(rows));
    expect(byMagnitude).toEqual(
      Array.from({ length: 12 }, (_, index) => 15 + index / 2).map((low) => ({
        low,
        high: low + 0.5,
        ...alone(rows.filter(({ magpsf }) => magpsf >= low && magpsf < low + 0.5)),
      })),
    );
    expect(outsideBins).toBe(0);
    expect(byMagnitude.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
  });

  it("puts magnitudes on edges into the fainter bin, those on the last edge into the last, and counts those outside", () => {
    const rows = [14.99, 15, 15.5, 20.99, 21, 21.01].map((magpsf) => ({ score: 0.5, label: 1 as const, magpsf }));
    const { byMagnitude, outsideBins, count } = evaluateAlerts(rows);
    expect(byMagnitude.map((bin) => bin.count)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect([outsideBins, count]).toEqual([2, 6]);
  });

  it("does not mind the order of rows", () => {
    const random = createRandom(4);
    const rows = makeRandomRows(500, random);
    for (let i = 0; i < 5; i++) expect(evaluateAlerts(shuffle(rows, random))).toEqual(evaluateAlerts(rows));
  });

  it("says of nothing that there is nothing", () => {
    const { count, roc, confusion, calibration, byMagnitude } = evaluateAlerts([]);
    expect([count, roc, confusion.accuracy, calibration]).toEqual([0, undefined, undefined, []]);
    expect(byMagnitude).toHaveLength(12);
  });

  it("survives JSON, without a NaN that would become null", () => {
    const text = JSON.stringify(evaluateAlerts(makeRows([1, 1], [0.2, 0.9])));
    expect(text).not.toContain("null");
    expect(JSON.parse(text).confusion.truePositiveRate).toBe(0.5);
  });

  it("refuses scores, labels, magnitudes and edges that are none", () => {
    expect(() =>
      evaluateAlerts([
        { score: 0.5, label: 0, magpsf: 18 },
        { score: NaN, label: 0, magpsf: NaN },
      ]),
    ).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ path: "rows[1].score" }),
          expect.objectContaining({ path: "rows[1].magpsf" }),
        ],
      }),
    );
    expect(() => evaluateAlerts([], { magnitudeEdges: [15, 15] })).toThrow("magnitudeEdges");
    expect(() => evaluateAlerts([], { magnitudeEdges: [15] })).toThrow("magnitudeEdges");
    expect(() => evaluateAlerts([], { calibrationBins: 0 })).toThrow("calibrationBins");
  });
});
