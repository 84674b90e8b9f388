import { computeCustomFeatures } from "./computeCustomFeatures.js";
import { FEATURE_RANGES } from "./featureRanges.js";
import type { CustomFeatures, Feature, FeatureContext } from "./types.js";

/** What BTSbot computes of the history, without the flags. */
export type HistoryFeatureName = Exclude<keyof CustomFeatures, "flags">;

const DETECTIONS = "candidate.jd, candidate.magpsf";

const TEXTS: Readonly<Record<HistoryFeatureName, readonly [unit: string, meaning: string, path: string]>> = {
  age: ["days", "from the first detection to this one", DETECTIONS],
  days_since_peak: ["days", "from the brightest detection to this one", DETECTIONS],
  days_to_peak: ["days", "from the first detection to the brightest", DETECTIONS],
  peakmag_so_far: ["mag", "brightest detection so far", DETECTIONS],
  maxmag_so_far: ["mag", "faintest detection so far", DETECTIONS],
  nnotdet: [
    "count",
    "exposures of the position without a detection, ncovhist - ndethist",
    "candidate.ncovhist, candidate.ndethist",
  ],
};

/** The features whose value depends on `jdstarthist`. */
const DATED: readonly HistoryFeatureName[] = ["age", "days_to_peak"];

/** A rule by which all of them are computed; what it does not give is missing. */
export type HistoryFeatureRule = (context: FeatureContext) => Partial<CustomFeatures>;

/**
 * A number that BTSbot computes of the history, by the rule of its training or by another.
 *
 * @param name - which number
 * @param rule - how all of them are computed; {@link computeCustomFeatures} by default
 * @returns the feature
 *
 * @example
 * ```ts
 * import { historyFeature } from "@btsbot/features";
 *
 * historyFeature("age").unit; // => "days"
 * historyFeature("age", ({ history }) => ({ age: history.detections.length })).name; // => "age"
 * ```
 */
export function historyFeature(name: HistoryFeatureName, rule: HistoryFeatureRule = computeAsTrained): Feature {
  const [unit, meaning, path] = TEXTS[name];
  return {
    name,
    unit,
    meaning,
    path,
    range: FEATURE_RANGES[name],
    value: (context) => rule(context)[name],
    ...(DATED.includes(name) && { flags: (context: FeatureContext) => rule(context).flags ?? [] }),
  };
}

function computeAsTrained({ alert, history }: FeatureContext): CustomFeatures {
  return computeCustomFeatures(alert, history);
}
