import { describe, expect, it } from "vitest";
import { CODE_THRESHOLD, computeConfusion, PAPER_THRESHOLD } from "@btsbot/evaluate";
import type { Threshold } from "@btsbot/evaluate";
import { makeRows, makeTiedRows } from "./makeRows.js";

describe("computeConfusion", () => {
  it("gives what scikit-learn's documentation shows", () => {
    // balanced_accuracy_score([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]) is 0.625 in its documentation.
    expect(computeConfusion(makeRows([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]))).toMatchObject({
      balancedAccuracy: 0.625,
      accuracy: 4 / 6,
    });
    // confusion_matrix([0, 1, 0, 1], [1, 1, 1, 0]).ravel() is 0, 2, 1, 1 in its documentation: TN, FP, FN, TP.
    expect(computeConfusion(makeRows([0, 1, 0, 1], [1, 1, 1, 0]))).toMatchObject({
      trueNegatives: 0,
      falsePositives: 2,
      falseNegatives: 1,
      truePositives: 1,
    });
  });

  it.each<[string, Threshold, number[], number]>([
    // scikit-learn 1.9.1 on the rows of makeTiedRows, predictions numpy.rint(score) and score >= 0.5.
    ["published code", CODE_THRESHOLD, [72, 31, 28, 69], 0.7051846661995796],
    ["paper", PAPER_THRESHOLD, [69, 34, 25, 72], 0.7060854769292364],
  ])(
    "counts a score of 0.5 as the %s does",
    (_, threshold, [trueNegatives, falsePositives, falseNegatives, truePositives], balanced) => {
      const confusion = computeConfusion(makeTiedRows(), threshold);
      expect(confusion).toMatchObject({
        threshold,
        trueNegatives,
        falsePositives,
        falseNegatives,
        truePositives,
        accuracy: 0.705,
      });
      expect(confusion.balancedAccuracy).toBeCloseTo(balanced, 14);
      expect(confusion.truePositiveRate).toBe(truePositives / 97);
      expect(confusion.trueNegativeRate).toBe(trueNegatives / 103);
    },
  );

  it("calls all positive from 0 on, and none above 1", () => {
    const rows = makeRows([0, 1], [0, 1]);
    expect(computeConfusion(rows, { score: 0, rule: "at-least" })).toMatchObject({
      truePositives: 1,
      falsePositives: 1,
    });
    expect(computeConfusion(rows, { score: 1, rule: "above" })).toMatchObject({ truePositives: 0, falsePositives: 0 });
  });

  it("leaves out what cannot be computed", () => {
    const none = computeConfusion([]);
    expect([none.accuracy, none.balancedAccuracy, none.truePositiveRate, none.trueNegativeRate]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const positives = computeConfusion(makeRows([1, 1], [0.2, 0.8]));
    expect([
      positives.accuracy,
      positives.balancedAccuracy,
      positives.truePositiveRate,
      positives.trueNegativeRate,
    ]).toEqual([0.5, undefined, 0.5, undefined]);
  });

  it("refuses a threshold that is none", () => {
    expect(() => computeConfusion([], { score: NaN, rule: "above" })).toThrow(
      "threshold.score: cannot be evaluated (expected a number from 0 to 1, got NaN)",
    );
    expect(() => computeConfusion([], { score: 0.5, rule: ">" as "above" })).toThrow("threshold.rule");
  });
});
