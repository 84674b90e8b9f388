import { describe, expect, it } from "vitest";
import { computeRates } from "@btsbot/evaluate";

const percent = (value: number | undefined): string => `${(100 * value!).toFixed(1)}%`;

describe("computeRates", () => {
  // Rehemtulla et al. 2024, Section 4.1 and Table 6: purities of 84.6% and 93.0% with 92 and 38 (92 less 54) false
  // positives and none missed; 505 true positives give both.
  it.each([
    ["bts_p1", 92, "84.6%"],
    ["bts_p2", 38, "93.0%"],
  ])("gives the paper's purity of %s on its test set", (_, falsePositives, purity) => {
    const rates = computeRates({ truePositives: 505, falsePositives, falseNegatives: 0, trueNegatives: 0 });
    expect(percent(rates.purity)).toBe(purity);
    expect(percent(rates.completeness)).toBe("100.0%");
  });

  // Section 4.2: of 184 sources that bts_p1 picked 35 were false, 2 were missed: 149/184, 149/151; bts_p2: 149/162.
  it.each([
    ["bts_p1", 184, "81.0%"],
    ["bts_p2", 162, "92.0%"],
  ])("gives the paper's purity of %s on its present-day sample", (_, picked, purity) => {
    const rates = computeRates({
      truePositives: 149,
      falsePositives: picked - 149,
      falseNegatives: 2,
      trueNegatives: 0,
    });
    expect(percent(rates.purity)).toBe(purity);
    expect(percent(rates.completeness)).toBe("98.7%");
  });

  it("leaves out a ratio by 0", () => {
    const none = computeRates({ truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 9 });
    expect([none.completeness, none.purity]).toEqual([undefined, undefined]);
    const missed = computeRates({ truePositives: 0, falsePositives: 0, falseNegatives: 3, trueNegatives: 9 });
    expect([missed.completeness, missed.purity]).toEqual([0, undefined]);
  });

  it("refuses what is no count", () => {
    const counts = { truePositives: 1, falsePositives: -1, falseNegatives: 0.5, trueNegatives: NaN };
    expect(() => computeRates(counts)).toThrow(/falsePositives.*falseNegatives.*trueNegatives/);
  });
});
