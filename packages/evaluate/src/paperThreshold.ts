import type { Threshold } from "./types/alerts.js";

/**
 * A score of at least 0.5, as the paper has it.
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Section 4.1 and Figure 8.
 *
 * @example
 * ```ts
 * import { PAPER_THRESHOLD } from "@btsbot/evaluate";
 *
 * PAPER_THRESHOLD; // => { score: 0.5, rule: "at-least" }
 * ```
 */
export const PAPER_THRESHOLD: Threshold = { score: 0.5, rule: "at-least" };
