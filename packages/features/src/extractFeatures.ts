import type { FieldValue } from "@btsbot/alert";
import { BtsbotError, toReason } from "@btsbot/errors";
import type { FlagCode, ProblemDetails, Reason, ReasonCode } from "@btsbot/errors";
import type { Feature, FeatureContext, FeatureProfile, Features } from "./types.js";

/** The survey's mark for a number that it does not have, such as the distance to a star that is not there. */
const SENTINEL = -999;
const SENTINEL_FLAG = "sentinel" satisfies FlagCode;

/**
 * Takes the numbers of a profile from an alert and its history. It does not throw: what is missing is
 * NaN, and `reasons` names every such feature at once.
 *
 * -999 goes through as it is, as it did in training, and is flagged `sentinel:<feature>`. Every reason
 * carries the feature's name, and the path of what it needs.
 *
 * @param profile - which numbers, in which order; see {@link BTSBOT_V1}
 * @param context - the alert, its history, and, if the caller has one, a real/bogus score
 * @returns the values in order, with flags, and with the reasons `feature-missing` (absent, null or no
 * number), `feature-non-finite` and `feature-out-of-range` (a real/bogus score outside 0 to 1, whether
 * the packet's or the caller's)
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
    for (const flag of feature.flags?.(context) ?? []) flags.add(flag);
  });
  return { profile: profile.name, names: features.map(({ name }) => name), values, flags: [...flags], reasons };
}

/** Why a value cannot be scored; undefined if it can. */
function findReason(feature: Feature, value: FieldValue | undefined): Reason | undefined {
  const { name, range } = feature;
  if (typeof value !== "number") {
    const got = value === null ? "null" : value === undefined ? "nothing" : typeof value;
    return toFeatureReason("feature-missing", feature, `the alert does not give ${name}`, {
      expected: "a number",
      got,
    });
  }
  if (!Number.isFinite(value)) {
    return toFeatureReason("feature-non-finite", feature, `${name} is not finite`, { got: `${value}` });
  }
  if (range === undefined || (value >= range[0] && value <= range[1])) return undefined;
  const [least, greatest] = range;
  return toFeatureReason("feature-out-of-range", feature, `${name} is out of range`, {
    expected: `${least} to ${greatest}`,
    got: `${value}`,
  });
}

function toFeatureReason(code: ReasonCode, { name, path }: Feature, summary: string, details: ProblemDetails): Reason {
  const [reason] = toReason(new BtsbotError(code, summary, { path, ...details }));
  return { ...reason, feature: name };
}
