import { invalid, ratio, refuse } from "./invalid.js";
import type { Counts } from "./types/alerts.js";
import type { SourceRates } from "./types/sources.js";

/**
 * Computes completeness and purity from counts of sources.
 *
 * Completeness is TP / (TP + FN), purity TP / (TP + FP).
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Section 4.1.
 *
 * @param counts - sources that a policy picked and did not pick, by class
 * @returns the counts with completeness and purity, 0 to 1; one whose denominator is 0 is absent
 * @throws BtsbotError `evaluation-invalid` for a count that is negative or no integer
 *
 * @example
 * ```ts
 * import { computeRates } from "@btsbot/evaluate";
 *
 * const rates = computeRates({ truePositives: 505, falsePositives: 38, falseNegatives: 0, trueNegatives: 1284 });
 * rates.completeness; // => 1
 * rates.purity?.toFixed(3); // => "0.930"
 * ```
 */
export function computeRates(counts: Counts): SourceRates {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
  const named = { truePositives, falsePositives, falseNegatives, trueNegatives };
  refuse(
    Object.entries(named)
      .filter(([, count]) => !Number.isSafeInteger(count) || count < 0)
      .map(([name, count]) => invalid(name, "a number of sources", count)),
  );
  return {
    ...named,
    completeness: ratio(truePositives, truePositives + falseNegatives),
    purity: ratio(truePositives, truePositives + falsePositives),
  };
}
