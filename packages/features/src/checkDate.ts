import type { Alert } from "@btsbot/alert";
import type { Reason } from "@btsbot/errors";
import { FEATURE_RANGES } from "./featureRanges.js";
import { judgeFeature } from "./judgeFeature.js";
import type { Feature } from "./types.js";

const DATE: Feature = {
  name: "jd",
  unit: "days",
  meaning: "Julian date of the exposure",
  path: "candidate.jd",
  range: FEATURE_RANGES.jd,
  value: ({ alert }) => alert.candidate.jd,
};
const NOTHING = { detections: [], nondetections: [] };

/** What is to be said of an alert's date. */
export interface DateCheck {
  /** `out-of-range:jd` for a date outside the survey's years; empty else. */
  readonly flags: readonly string[];
  /** Why the alert cannot be scored; empty if it can. */
  readonly reasons: readonly Reason[];
}

/**
 * Says whether an alert's date can be one: 2009 to 2050 as a Julian date, when PTF and ZTF looked. One outside is flagged;
 * one decades outside is not a date of an exposure, such as 0, a modified Julian date or seconds, and the alert is not
 * scored, since what else the packet says is no better.
 *
 * @param alert - the alert; `candidate.jd` in days, UTC
 * @returns the flag `out-of-range:jd`, or a reason: `feature-out-of-range` before 1968 or after 2091,
 * `feature-non-finite` for NaN and infinity, `feature-missing` for what is not a number
 *
 * Source: Law et al. 2009, PASP 121, 1395 (PTF, whose exposures are in the survey's sample packets); Bellm et al. 2019,
 * PASP 131, 018002 (ZTF).
 *
 * @example
 * ```ts
 * import { checkDate } from "@btsbot/features";
 *
 * checkDate({ candidate: { jd: 2460000.5, fid: 1 } }); // => { flags: [], reasons: [] }
 * checkDate({ candidate: { jd: 60000, fid: 1 } }).reasons[0].code; // => "feature-out-of-range"
 * ```
 */
export function checkDate(alert: Pick<Alert, "candidate">): DateCheck {
  const judged = judgeFeature(DATE, { alert: alert as Alert, history: NOTHING });
  return judged.value === undefined ? { flags: [], reasons: [judged.reason] } : { flags: judged.flags, reasons: [] };
}
