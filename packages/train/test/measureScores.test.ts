import { entropyRegularizedLoss } from "@btsbot/model";
import { describe, expect, it } from "vitest";
import { noise } from "../../../test/support/networks.js";
import { measureLogits } from "../src/measureLogits.js";
import { measureScores } from "../src/measureScores.js";

describe("measureScores", () => {
  it("is the part of pairs in the right order, equal ones by half", () => {
    const labels = [1, 0, 1, 0, 0];
    const scores = [0.9, 0.8, 0.8, 0.5, 0.1];
    // Pairs (1, 0): 0.9 beats three, 0.8 ties one and beats two.
    expect(measureScores(labels, scores)).toEqual({
      alerts: 5,
      accuracy: 0.8,
      auc: 5.5 / 6,
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 2,
      falseNegatives: 0,
    });
  });

  it("agrees with counting all pairs", () => {
    const labels = noise(80, 1).map((value) => (value > 0.3 ? 1 : 0));
    const scores = noise(80, 2).map((value) => Math.round(4 * value) / 4);
    let [won, pairs] = [0, 0];
    labels.forEach((label, i) =>
      labels.forEach((other, j) => {
        if (label !== 1 || other !== 0) return;
        pairs += 1;
        won += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
      }),
    );
    expect(measureScores(labels, scores).auc).toBeCloseTo(won / pairs, 12);
  });

  it("has no area where a class is absent", () => {
    expect(measureScores([1, 1], [0.2, 0.7]).auc).toBeNull();
  });
});

describe("measureLogits", () => {
  it("is the loss of @btsbot/model, summed, for classes", () => {
    const logits = noise(12, 3).map((value) => 5 * value);
    const targets = Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    const labels = Int32Array.of(2, 0, 1, 2);
    const { loss } = measureLogits(logits, { targets, labels }, 0.4);
    expect(loss / 4).toBeCloseTo(entropyRegularizedLoss(logits, labels, 0.4), 12);
  });

  it("is binary cross-entropy for a score, by hand, with soft targets and weights", () => {
    const targets = Float32Array.of(0.25, 1);
    const weights = Float32Array.of(2, 1);
    const { loss, correct } = measureLogits(
      Float32Array.of(Math.log(3), 800),
      { targets, labels: Int32Array.of(0, 1), weights },
      0,
    );
    expect(loss).toBeCloseTo(2 * (-0.25 * Math.log(0.75) - 0.75 * Math.log(0.25)), 6);
    expect(correct).toBe(1);
  });

  it("takes a score of exactly 0.5 for a no", () => {
    expect(
      measureLogits(Float32Array.of(0), { targets: Float32Array.of(1), labels: Int32Array.of(1) }, 0).correct,
    ).toBe(0);
  });
});
