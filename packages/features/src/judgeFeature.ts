import type { FieldValue } from "@btsbot/alert";
import { BtsbotError, toReason } from "@btsbot/errors";
import type { FlagCode, ProblemDetails, Reason, ReasonCode } from "@btsbot/errors";
import type { Feature, FeatureContext } from "./types.js";

/** The survey's mark for a number that it does not have, such as the distance to a star that is not there. */
export const SENTINEL = -999;
const SENTINEL_FLAG = "sentinel" satisfies FlagCode;
/** What is said of a value outside its range. */
export const RANGE_FLAG = "out-of-range" satisfies FlagCode;
/** Widths of its range that a value may lie outside before it is refused: orders of magnitude. */
const ROOM = 10;

/**
 * One feature of an alert: its value with what is to be said of it, or why there is none.
 *
 * @internal
 */
export type JudgedFeature =
  | { readonly value: number; readonly flags: readonly string[] }
  | { readonly reason: Reason; readonly value?: undefined };

/**
 * Asks a feature's rule for its value, and the feature's range whether it can be scored.
 *
 * @internal
 */
export function judgeFeature(feature: Feature, context: FeatureContext): JudgedFeature {
  const given = feature.value(context);
  const value = typeof given === "bigint" ? Number(given) : given;
  const reason = findReason(feature, value);
  if (reason !== undefined) return { reason };
  return { value: value as number, flags: findFlags(feature, value as number) };
}

function findFlags(feature: Feature, value: number): string[] {
  if (isMark(feature, value)) return [`${SENTINEL_FLAG}:${feature.name}`];
  return isOutside(feature, value) ? [`${RANGE_FLAG}:${feature.name}`] : [];
}

/** Whether a value is -999 and stands for a number that the survey does not have. */
function isMark({ range }: Feature, value: number): boolean {
  const { computed = false, strict = false, marked = !computed && strict === false } = range ?? {};
  return value === SENTINEL && marked;
}

function isOutside({ range }: Feature, value: number): boolean {
  return range !== undefined && (value < range.least || value > range.greatest);
}

/** Why a value cannot be scored; undefined if it can. */
function findReason(feature: Feature, value: FieldValue | undefined): Reason | undefined {
  const { name } = feature;
  if (typeof value !== "number") {
    const got = value === null ? "null" : value === undefined ? "nothing" : typeof value;
    return toFeatureReason("feature-missing", feature, `the alert does not give ${name}`, {
      expected: "a number",
      got,
    });
  }
  // Networks read single precision: what is finite as a double may be infinite there.
  if (!Number.isFinite(Math.fround(value))) {
    const details = Number.isFinite(value)
      ? { expected: "a number that single precision holds, up to 3.4e38", got: `${value}` }
      : { got: `${value}` };
    return toFeatureReason("feature-non-finite", feature, `${name} is not finite`, details);
  }
  return isImpossible(feature, value)
    ? toFeatureReason("feature-out-of-range", feature, `${name} is out of range`, {
        expected: `${feature.range!.least} to ${feature.range!.greatest}`,
        got: `${value}`,
      })
    : undefined;
}

/** Whether a value is so far out of its feature's range that no training can have seen its like. */
function isImpossible(feature: Feature, value: number): boolean {
  if (!isOutside(feature, value) || isMark(feature, value)) return false;
  const { least, greatest, room = ROOM, strict = false } = feature.range!;
  if (strict === true || (strict === "least" && value < least)) return true;
  const outside = Math.max(least - value, value - greatest);
  return outside > room * (greatest - least);
}

function toFeatureReason(code: ReasonCode, { name, path }: Feature, summary: string, details: ProblemDetails): Reason {
  const [reason] = toReason(new BtsbotError(code, summary, { path, ...details }));
  return { ...reason, feature: name };
}
