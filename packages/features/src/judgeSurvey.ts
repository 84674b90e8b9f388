import type { Alert } from "@btsbot/alert";
import { BtsbotError, toReason } from "@btsbot/errors";
import type { Reason } from "@btsbot/errors";

/** The survey of alerts, profiles and networks that name none. */
const DEFAULT_SURVEY = "ztf";

/**
 * Says whether an alert is of the survey that a network or a profile is for. Another survey's numbers have other units and
 * other ranges, and its stamps another scale: no network has learnt them.
 *
 * @param alert - the alert; of it `survey`, absent for ZTF
 * @param survey - the survey whose alerts are read, such as `"lsst"`; ZTF by default
 * @returns the reason `survey-unsupported`, or none
 *
 * @example
 * ```ts
 * import { judgeSurvey } from "@btsbot/features";
 *
 * judgeSurvey({ survey: "lsst" })[0].code; // => "survey-unsupported"
 * judgeSurvey({ survey: "lsst" }, "lsst"); // => []
 * judgeSurvey({}); // => []
 * ```
 */
export function judgeSurvey(alert: Pick<Alert, "survey">, survey: string = DEFAULT_SURVEY): readonly Reason[] {
  const { survey: got = DEFAULT_SURVEY } = alert;
  if (got === survey) return [];
  return toReason(
    new BtsbotError("survey-unsupported", "the alert comes from a survey that is not read here", {
      path: "survey",
      expected: survey,
      got,
      hint: "Score it with a model of its survey: one whose profile says `survey`.",
    }),
  );
}
