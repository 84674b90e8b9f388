import { describe, expect, it } from "vitest";
import { computeCalibration } from "@btsbot/evaluate";
import { makeRows, makeTiedRows } from "./makeRows.js";

const round = (values: readonly number[]): number[] => values.map((value) => Number(value.toFixed(12)));

describe("computeCalibration", () => {
  it("gives what scikit-learn's documentation shows", () => {
    // The example of sklearn.calibration.calibration_curve: prob_true 0, 0.5, 1 and prob_pred 0.2, 0.525, 0.85.
    const curve = computeCalibration(
      makeRows([0, 0, 0, 0, 1, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1]),
      3,
    );
    expect(curve.map(({ positiveFraction }) => positiveFraction)).toEqual([0, 0.5, 1]);
    expect(round(curve.map(({ meanScore }) => meanScore))).toEqual([0.2, 0.525, 0.85]);
    expect(curve.map(({ count }) => count)).toEqual([3, 2, 4]);
  });

  it("puts scores on edges where scikit-learn does, at 200 alerts of which most lie on one", () => {
    // calibration_curve(labels, scores, n_bins=10) with scikit-learn 1.9.1 on the rows of makeTiedRows.
    const curve = computeCalibration(makeTiedRows());
    expect(round(curve.map(({ positiveFraction }) => positiveFraction))).toEqual(
      round([
        1 / 6,
        1 / 6,
        1 / 3,
        0.375,
        0.5833333333333334,
        0.7692307692307693,
        0.5,
        0.6956521739130435,
        0.6818181818181818,
        8 / 9,
      ]),
    );
    expect(round(curve.map(({ meanScore }) => meanScore))).toEqual(
      round([
        1 / 24,
        0.17708333333333334,
        0.28333333333333327,
        0.378125,
        0.475,
        0.5730769230769229,
        0.675,
        0.7717391304347828,
        0.8727272727272729,
        0.972222222222222,
      ]),
    );
  });

  it("has the edges of numpy.linspace: 0.1 + 0.2 lies on the third", () => {
    // calibration_curve([1, 0], [0.1 + 0.2, 0.35], n_bins=10) with scikit-learn 1.9.1 gives two bins, 1 and 0.
    const curve = computeCalibration(makeRows([1, 0], [0.1 + 0.2, 0.35]));
    expect(curve.map(({ positiveFraction }) => positiveFraction)).toEqual([1, 0]);
  });

  it("leaves out empty bins and keeps 0 and 1", () => {
    const curve = computeCalibration(makeRows([0, 1], [0, 1]), 4);
    expect(curve).toEqual([
      { low: 0, high: 0.25, count: 1, meanScore: 0, positiveFraction: 0 },
      { low: 0.75, high: 1, count: 1, meanScore: 1, positiveFraction: 1 },
    ]);
    expect(computeCalibration([])).toEqual([]);
  });

  it.each([0, -1, 1.5, NaN])("refuses %d bins", (bins) => {
    expect(() => computeCalibration([], bins)).toThrow("a positive integer");
  });
});
