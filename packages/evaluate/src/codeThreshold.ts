import type { Threshold } from "./types/alerts.js";

/**
 * A score above 0.5, as the published code has it: it rounds scores by numpy.rint, which rounds half to
 * even, so that exactly 0.5 becomes 0.
 *
 * Source: nabeelre/BTSbot, bts_val.py at a70c0d8.
 *
 * @example
 * ```ts
 * import { CODE_THRESHOLD, computeConfusion } from "@btsbot/evaluate";
 *
 * computeConfusion([{ score: 0.5, label: 1 }], CODE_THRESHOLD).falseNegatives; // => 1
 * ```
 */
export const CODE_THRESHOLD: Threshold = { score: 0.5, rule: "above" };
