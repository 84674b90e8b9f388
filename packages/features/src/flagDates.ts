import { FEATURE_RANGES } from "./featureRanges.js";
import { fieldToNumber } from "./fieldToNumber.js";
import { RANGE_FLAG, SENTINEL } from "./judgeFeature.js";
import type { FeatureContext } from "./types.js";

/**
 * What is to be said of dates that can be none: rules do without them, or never look so far into the future.
 *
 * @internal
 */
export function flagDates({ alert, history }: FeatureContext): string[] {
  const start = fieldToNumber(alert.candidate.jdstarthist);
  // Null and -999 stand for none, which is told in its own way.
  const hasStart = start !== null && start !== SENTINEL;
  return [
    ...(hasStart && !isDate(start) ? [`${RANGE_FLAG}:jdstarthist`] : []),
    ...(history.detections.every(({ jd }) => isDate(jd)) ? [] : [`${RANGE_FLAG}:history`]),
  ];
}

function isDate(jd: number): boolean {
  return jd >= FEATURE_RANGES.jd.least && jd <= FEATURE_RANGES.jd.greatest;
}
