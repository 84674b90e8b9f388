import { createRandom, shuffle } from "@btsbot/chance";
import { describe, expect, it } from "vitest";
import { computeRocCurve } from "@btsbot/evaluate";
import type { RocCurve } from "@btsbot/evaluate";
import { makeRandomRows, makeRows, makeTiedRows } from "./makeRows.js";
import type { Row } from "./makeRows.js";

function columns(roc: RocCurve | undefined): Record<string, readonly (number | null)[] | undefined> {
  return {
    fpr: roc?.points.map(({ falsePositiveRate }) => falsePositiveRate),
    tpr: roc?.points.map(({ truePositiveRate }) => truePositiveRate),
    thresholds: roc?.points.map(({ threshold }) => threshold),
  };
}

describe("computeRocCurve", () => {
  it("gives what scikit-learn's documentation shows", () => {
    // The example of sklearn.metrics.roc_curve and roc_auc_score; run with scikit-learn 1.9.1.
    const roc = computeRocCurve(makeRows([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]));
    expect(columns(roc)).toEqual({
      fpr: [0, 0, 0.5, 0.5, 1],
      tpr: [0, 0.5, 0.5, 1, 1],
      thresholds: [null, 0.8, 0.4, 0.35, 0.1],
    });
    expect(roc?.auc).toBe(0.75);
  });

  it("leaves out the points that scikit-learn leaves out", () => {
    // roc_curve([1,1,1,0,0,0,1,0], [.9,.8,.7,.6,.5,.4,.3,.2]) with scikit-learn 1.9.1.
    const roc = computeRocCurve(makeRows([1, 1, 1, 0, 0, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]));
    expect(columns(roc)).toEqual({
      fpr: [0, 0, 0, 0.75, 0.75, 1],
      tpr: [0, 0.25, 0.75, 0.75, 1, 1],
      thresholds: [null, 0.9, 0.7, 0.4, 0.3, 0.2],
    });
    expect(roc?.auc).toBe(0.8125);
  });

  it("treats equal scores as scikit-learn does, at 200 alerts with 21 scores", () => {
    // roc_curve and roc_auc_score with scikit-learn 1.9.1 on the rows of makeTiedRows; counts are its rates by 103 and 97.
    const roc = computeRocCurve(makeTiedRows());
    expect(roc?.auc).toBeCloseTo(0.7651386247622859, 14);
    expect(roc?.points).toHaveLength(22);
    const falsePositives = [0, 1, 2, 5, 9, 12, 16, 24, 28, 29, 31, 34, 36, 40, 46, 53, 58, 68, 78, 83, 92, 103];
    const truePositives = [0, 7, 16, 23, 31, 38, 47, 51, 59, 64, 69, 72, 76, 81, 82, 87, 88, 91, 92, 94, 96, 97];
    expect(columns(roc).fpr).toEqual(falsePositives.map((count) => count / 103));
    expect(columns(roc).tpr).toEqual(truePositives.map((count) => count / 97));
  });

  it("has an area of 1, 0 and 0.5 for scores that separate, separate the wrong way round, and are all equal", () => {
    expect(computeRocCurve(makeRows([0, 1], [0.2, 0.3]))?.auc).toBe(1);
    expect(computeRocCurve(makeRows([1, 0], [0.2, 0.3]))?.auc).toBe(0);
    const equal = computeRocCurve(makeRows([1, 0, 0], [0.5, 0.5, 0.5]));
    expect(equal?.auc).toBe(0.5);
    expect(equal?.points).toHaveLength(2);
  });

  it("has the area of Mann and Whitney, counted pair by pair, in 300 random cases", () => {
    const random = createRandom(1);
    let compared = 0;
    for (let i = 0; i < 300; i++) {
      const rows = makeRandomRows(1 + Math.floor(random() * 40), random);
      const expected = mannWhitney(rows);
      const auc = computeRocCurve(rows)?.auc;
      if (expected === undefined) expect(auc).toBeUndefined();
      else expect(auc).toBeCloseTo(expected, 13);
      if (expected !== undefined) compared += 1;
    }
    expect(compared).toBeGreaterThan(250);
  });

  it("does not mind the order of rows", () => {
    const random = createRandom(2);
    const rows = makeTiedRows();
    for (let i = 0; i < 20; i++) expect(computeRocCurve(shuffle(rows, random))).toEqual(computeRocCurve(rows));
  });

  it("is undefined for one class alone and for no rows", () => {
    expect(computeRocCurve([])).toBeUndefined();
    expect(computeRocCurve(makeRows([1, 1], [0.1, 0.9]))).toBeUndefined();
    expect(computeRocCurve(makeRows([0], [0.1]))).toBeUndefined();
  });

  it("names every row whose score or label is none", () => {
    const rows = makeRows([0, 1, 2, 1], [NaN, 0.5, 0.5, 1.5]);
    expect(() => computeRocCurve(rows)).toThrow(
      expect.objectContaining({
        code: "evaluation-invalid",
        problems: [
          expect.objectContaining({ path: "rows[0].score", got: "NaN" }),
          expect.objectContaining({ path: "rows[2].label", got: "2" }),
          expect.objectContaining({ path: "rows[3].score", got: "1.5" }),
        ],
      }),
    );
  });
});

/** The fraction of pairs of a positive and a negative in which the positive scores higher; equal scores count half. */
function mannWhitney(rows: readonly Row[]): number | undefined {
  let [wins, pairs] = [0, 0];
  for (const positive of rows.filter(({ label }) => label === 1)) {
    for (const negative of rows.filter(({ label }) => label === 0)) {
      pairs += 1;
      if (positive.score > negative.score) wins += 1;
      else if (positive.score === negative.score) wins += 0.5;
    }
  }
  return pairs === 0 ? undefined : wins / pairs;
}
