import type { MissingOutcome, Operator } from "./types.js";

const COMPARE: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
};

/** How an operator is shown where it does not hold, and how it reads from the right. */
const FAILS = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "is not" } as const;
const TURNED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==" } as const;

/** One side of a comparison. */
export interface Side {
  /** What it is called. */
  readonly label: string;
  /** Its number; undefined where it is missing. */
  readonly value: number | undefined;
  /** Whether the rule itself gives the number. */
  readonly given: boolean;
}

/**
 * Compares two numbers of which either may be missing.
 *
 * With `"lowest"` a missing number is less than every number and equal to none, as in the comparison order of
 * BSON, where missing values and null come before numbers (MongoDB manual, Comparison/Sort Order).
 *
 * @internal
 */
export function compareNumbers(
  left: number | undefined,
  operator: Operator,
  right: number | undefined,
  missing: MissingOutcome,
): boolean {
  if (left !== undefined && right !== undefined) return COMPARE[operator](left, right);
  return missing === "lowest" && operator !== "==" && COMPARE[operator](left ?? -Infinity, right ?? -Infinity);
}

/**
 * A chain that holds, in words: "0 <= ssdistnr 3.2 < 12".
 *
 * @internal
 */
export function describeChain(sides: readonly Side[], operators: readonly Operator[], missing: MissingOutcome): string {
  const absent = describeMissing(sides, missing);
  if (absent !== undefined) return absent;
  // Two sides are told from the alert's: "ssmagnr 18 < 20", also where the rule says 20 > ssmagnr.
  if (sides.length === 2 && sides[0].given && !sides[1].given)
    return describeChain([sides[1], sides[0]], [TURNED[operators[0]]], missing);
  const rounded = sides.map(round);
  const exact = operators.some((operator, index) => !COMPARE[operator](rounded[index], rounded[index + 1]));
  return sides
    .map(
      (side, index) =>
        (index === 0 ? "" : `${operators[index - 1]} `) + showSide(side, exact ? side.value! : rounded[index]),
    )
    .join(" ");
}

/**
 * A comparison that does not hold, in words: "ssdistnr 30 >= 12".
 *
 * @internal
 */
export function describeFailure(left: Side, operator: Operator, right: Side, missing: MissingOutcome): string {
  const absent = describeMissing([left, right], missing);
  if (absent !== undefined) return absent;
  if (left.given && !right.given) return describeFailure(right, TURNED[operator], left, missing);
  const [a, b] = [round(left), round(right)];
  const exact = COMPARE[operator](a, b);
  return `${showSide(left, exact ? left.value! : a)} ${FAILS[operator]} ${showSide(right, exact ? right.value! : b)}`;
}

/** "drb is missing", "drb is missing, so lowest"; undefined where nothing is. */
function describeMissing(sides: readonly Side[], missing: MissingOutcome): string | undefined {
  const absent = sides.filter(({ value }) => value === undefined).map(({ label }) => label);
  if (absent.length === 0) return undefined;
  return `${absent.join(" and ")} ${absent.length > 1 ? "are" : "is"} missing${missing === "lowest" ? ", so lowest" : ""}`;
}

/** Labels of several words would run into the number. */
function showSide({ label, given }: Side, value: number): string {
  return given ? label : `${label}${label.includes(" ") ? ": " : " "}${value}`;
}

/**
 * Six digits, of the about seven of single precision, in which packets are written. What would read false is
 * shown in full.
 */
function round({ value, given }: Side): number {
  return given ? value! : Number(value!.toPrecision(6));
}
