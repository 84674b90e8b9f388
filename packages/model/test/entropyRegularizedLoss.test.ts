import { entropyRegularizedLoss } from "@btsbot/model";
import { describe, expect, it } from "vitest";

describe("entropyRegularizedLoss", () => {
  it("is cross-entropy less beta times entropy, mean over the alerts", () => {
    const probabilities = [
      [0.7, 0.2, 0.1],
      [0.1, 0.3, 0.6],
    ];
    // Logits are fixed up to a constant for each alert.
    const logits = probabilities.flatMap((row, alert) => row.map((p) => Math.log(p) + 10 * alert));
    const entropy = (row: readonly number[]) => -row.reduce((sum, p) => sum + p * Math.log(p), 0);
    for (const beta of [0, 0.5, 2]) {
      const truth =
        (-Math.log(0.7) - Math.log(0.3) - beta * (entropy(probabilities[0]) + entropy(probabilities[1]))) / 2;
      expect(entropyRegularizedLoss(logits, [0, 1], beta)).toBeCloseTo(truth, 12);
    }
  });

  it("holds for logits that exp cannot take, and for a class without probability", () => {
    expect(entropyRegularizedLoss([5000, 0], [0])).toBe(0);
    expect(entropyRegularizedLoss([5000, 0], [1])).toBe(5000);
  });

  it("refuses labels and logits that do not fit", () => {
    expect(() => entropyRegularizedLoss([1, 2, 3], [0, 1])).toThrow(RangeError);
    expect(() => entropyRegularizedLoss([], [])).toThrow(RangeError);
    expect(() => entropyRegularizedLoss([1, 2], [2])).toThrow(RangeError);
    expect(() => entropyRegularizedLoss([1, 2], [NaN])).toThrow(RangeError);
  });
});
