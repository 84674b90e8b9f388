import type { FieldValue } from "@btsbot/alert";
import { BtsbotError, checkOptions, toReason } from "@btsbot/errors";
import type { FlagCode, OptionNames, ProblemDetails, Reason, ReasonCode } from "@btsbot/errors";
import type { Feature, FeatureContext, FeatureProfile, Features } from "./types.js";

/** The names of {@link FeatureContext}. */
const FEATURE_CONTEXT: OptionNames<FeatureContext> = { alert: true, history: true, realBogus: true };

/** The survey's mark for a number that it does not have, such as the distance to a star that is not there. */
const SENTINEL = -999;
const SENTINEL_FLAG = "sentinel" satisfies FlagCode;
const RANGE_FLAG = "out-of-range" satisfies FlagCode;
/** Widths of its range that a value may lie outside before it is refused: orders of magnitude. */
const ROOM = 10;

/**
 * Takes the numbers of a profile from an alert and its history. It does not throw: what is missing is
 * NaN, and `reasons` names every such feature at once.
 *
 * -999 goes through as it is, as it did in training, and is flagged `sentinel:<feature>`. What lies outside
 * the range that its quantity can have goes through flagged `out-of-range:<feature>`, or, orders of magnitude
 * outside, does not (see {@link FeatureRange}). Every reason carries the feature's name, and the path of what
 * it needs.
 *
 * @param profile - which numbers, in which order; see {@link BTSBOT_V1}
 * @param context - the alert, its history, and, if the caller has one, a real/bogus score
 * @returns the values in order, with flags, and with the reasons `feature-missing` (absent, null or no
 * number), `feature-non-finite` (NaN, infinite, or too large for single precision, which networks read) and
 * `feature-out-of-range` (far outside its range; for a real/bogus score, the packet's or the caller's, any
 * number outside 0 to 1)
 *
 * @example
 * ```ts
 * import { BTSBOT_V1, extractFeatures } from "@btsbot/features";
 *
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, sgscore1: -999, drb: 0.99, drbversion: "d6_m7" };
 * const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate };
 * const features = extractFeatures(BTSBOT_V1, { alert, history: { detections: [], nondetections: [] } });
 * features.flags; // => ["sentinel:sgscore1", "jdstarthist-missing", "drb-from-packet"]
 * features.reasons[0].feature; // => "distpsnr1"
 * ```
 */
export function extractFeatures(profile: FeatureProfile, context: FeatureContext): Features {
  checkOptions("extractFeatures", context, FEATURE_CONTEXT);
  const { features } = profile;
  const values = new Float64Array(features.length).fill(NaN);
  const flags = new Set<string>();
  const reasons: Reason[] = [];
  features.forEach((feature, index) => {
    const given = feature.value(context);
    const value = typeof given === "bigint" ? Number(given) : given;
    const reason = findReason(feature, value);
    if (reason !== undefined) {
      reasons.push(reason);
      return;
    }
    values[index] = value as number;
    if (value === SENTINEL) flags.add(`${SENTINEL_FLAG}:${feature.name}`);
    else if (isOutside(feature, value as number)) flags.add(`${RANGE_FLAG}:${feature.name}`);
    for (const flag of feature.flags?.(context) ?? []) flags.add(flag);
  });
  return { profile: profile.name, names: features.map(({ name }) => name), values, flags: [...flags], reasons };
}

/** Whether a value lies outside its feature's range; -999 lies in none. */
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
  if (!isOutside(feature, value)) return false;
  const { least, greatest, room = ROOM, strict = false } = feature.range!;
  if (strict) return true;
  const outside = Math.max(least - value, value - greatest);
  return value !== SENTINEL && outside > room * (greatest - least);
}

function toFeatureReason(code: ReasonCode, { name, path }: Feature, summary: string, details: ProblemDetails): Reason {
  const [reason] = toReason(new BtsbotError(code, summary, { path, ...details }));
  return { ...reason, feature: name };
}
