import type { IsDiffPos } from "./types.js";

const POSITIVE: ReadonlySet<string> = new Set(["t", "true", "1"]);
const NEGATIVE: ReadonlySet<string> = new Set(["f", "false", "0", "-0", "-1"]);

/**
 * Says whether a subtraction is positive, however the system wrote it.
 *
 * The survey writes `t`, `f`, `1` and `0`; brokers also true, false, 1, 0 and -1; letters may be large, and
 * white space around is left out. A table that went through pandas has `1.0` and `0.0`, as a column with a
 * missing value holds floats there.
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
 * isPositive("1.0"); // => true
 * isPositive(undefined); // => null
 * ```
 */
export function isPositive(isdiffpos: IsDiffPos | null | undefined): boolean | null {
  const text = String(isdiffpos);
  // Nearly all are these two.
  if (text === "t" || text === "f") return text === "t";
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^(-?\d)\.0*$/, "$1");
  if (POSITIVE.has(word)) return true;
  return NEGATIVE.has(word) ? false : null;
}
