import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { checkDate } from "./checkDate.js";
import { flagDates } from "./flagDates.js";
import { judgeFeature } from "./judgeFeature.js";
import { judgeSurvey } from "./judgeSurvey.js";
import type { FeatureContext, FeatureProfile, Features } from "./types.js";

/** The names of {@link FeatureContext}. */
const FEATURE_CONTEXT: OptionNames<FeatureContext> = { alert: "object!", history: "object!", realBogus: "number" };

/**
 * Takes the numbers of a profile from an alert and its history. It does not throw: what is missing is
 * NaN, and `reasons` names every such feature at once.
 *
 * -999 goes through as it is where it is the survey's mark, as it did in training, and is flagged `sentinel:<feature>`. What lies outside
 * the range that its quantity can have goes through flagged `out-of-range:<feature>`, or, orders of magnitude
 * outside, does not (see {@link FeatureRange}). Every reason carries the feature's name, and the path of what
 * it needs. The alert's date is looked at with them (see {@link checkDate}), whether or not the profile reads it;
 * a `jdstarthist` or a detection of the history whose date can be none is flagged `out-of-range:jdstarthist` or
 * `out-of-range:history`.
 *
 * @param profile - which numbers, in which order; see {@link BTSBOT_V1}
 * @param context - the alert, its history, and, if the caller has one, a real/bogus score
 * @returns the values in order, with flags, and with the reasons `feature-missing` (absent, null or no
 * number), `feature-non-finite` (NaN, infinite, or too large for single precision, which networks read) and
 * `feature-out-of-range` (far outside its range; for a real/bogus score, the packet's or the caller's, any
 * number outside 0 to 1); for an alert of a survey other than the profile's `survey-unsupported` alone
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
  checkArgument("extractFeatures", "profile", profile, "object", ["name", "features"]);
  const { features } = profile;
  const values = new Float64Array(features.length).fill(NaN);
  const names = features.map(({ name }) => name);
  // What else another survey's alert lacks is not news.
  const refused = judgeSurvey(context.alert, profile.survey);
  if (refused.length > 0) return { profile: profile.name, names, values, flags: [], reasons: refused };
  const date = checkDate(context.alert);
  const flags = new Set<string>([...date.flags, ...flagDates(context), ...(context.alert.form?.flags ?? [])]);
  const reasons = [...date.reasons];
  features.forEach((feature, index) => {
    const judged = judgeFeature(feature, context);
    if (judged.value === undefined) {
      reasons.push(judged.reason);
      return;
    }
    values[index] = judged.value;
    for (const flag of judged.flags) flags.add(flag);
    for (const flag of feature.flags?.(context) ?? []) flags.add(flag);
  });
  return { profile: profile.name, names, values, flags: [...flags], reasons };
}
