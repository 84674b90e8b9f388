import type { MissingRule, Operator } from "./types.js";

const COMPARE: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
};

/** How each operator is shown, and how when it does not hold, read from the left or from the right. */
const SHOWN = {
  "<": { holds: "<", fails: ">=", turned: ">" },
  "<=": { holds: "<=", fails: ">", turned: ">=" },
  ">": { holds: ">", fails: "<=", turned: "<" },
  ">=": { holds: ">=", fails: "<", turned: "<=" },
  "==": { holds: "==", fails: "is not", turned: "==" },
} as const;

/**
 * Compares two numbers of which either may be missing.
 *
 * With `"lowest"` a missing number is less than every number and equal to none, as in the comparison order of
 * BSON, where missing values and null come before numbers (MongoDB manual, Comparison/Sort Order).
 *
 * @internal
 */
export function compareNumbers(left: number | undefined, operator: Operator, right: number | undefined, missing: MissingRule): boolean {
  if (left !== undefined && right !== undefined) return COMPARE[operator](left, right);
  return missing === "lowest" && operator !== "==" && COMPARE[operator](left ?? -Infinity, right ?? -Infinity);
}

/**
 * A comparison in words, true as it reads: "ssdistnr 3.2 < 12", or "ssdistnr 30 >= 12" where it does not hold.
 *
 * @internal
 */
export function describeComparison(
  values: readonly [number | undefined, number | undefined],
  labels: readonly [string, string],
  operator: Operator,
  holds: boolean,
): string {
  const absent = labels.filter((_, side) => values[side] === undefined);
  if (absent.length > 0) return `${absent.join(" and ")} ${absent.length > 1 ? "are" : "is"} missing`;
  const [left, right] = values as readonly [number, number];
  const given = labels.map((label, side) => label === String(values[side]));
  // The alert's number comes first: "ssdistnr 3.2 >= 0", not "0 <= ssdistnr 3.2".
  if (given[0] && !given[1]) return describeComparison([right, left], [labels[1], labels[0]], SHOWN[operator].turned, holds);
  const rounded = [round(left), round(right)];
  const same = COMPARE[operator](rounded[0], rounded[1]) === holds;
  const [a, b] = (same ? rounded : [left, right]).map((value, side) => (given[side] ? labels[side] : `${labels[side]} ${value}`));
  return `${a} ${SHOWN[operator][holds ? "holds" : "fails"]} ${b}`;
}

/** Single precision has seven digits, and packets are written in it. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
