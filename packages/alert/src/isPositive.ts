import type { IsDiffPos } from "./types.js";

const POSITIVE: ReadonlySet<string> = new Set(["t", "true", "1", "1.0"]);
const NEGATIVE: ReadonlySet<string> = new Set(["f", "false", "0", "0.0", "-1", "-1.0"]);

/**
 * Says whether a subtraction is positive, however the system wrote it.
 *
 * The survey writes `t`, `f`, `1` and `0`; brokers also true, false, 1, 0 and -1; pandas, in a column that lacks
 * values, 1.0 and 0.0; letters may be large.
 *
 * @param isdiffpos - the field's value
 * @returns true if science minus template is positive, false if it is negative, null if the value says neither
 *
 * @example
 * ```ts
 * import { isPositive } from "@btsbot/alert";
 *
 * isPositive("t"); // => true
 * isPositive(0); // => false
 * isPositive(undefined); // => null
 * ```
 */
export function isPositive(isdiffpos: IsDiffPos | null | undefined): boolean | null {
  const word = String(isdiffpos).toLowerCase();
  if (POSITIVE.has(word)) return true;
  return NEGATIVE.has(word) ? false : null;
}
