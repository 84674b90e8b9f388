import type { Alert, Detection, LightCurve } from "@btsbot/alert";
import { fieldToNumber } from "./fieldToNumber.js";
import type { CustomFeatures } from "./types.js";

/**
 * Computes the features that BTSbot derives from a source's history: peak and faintest magnitude so far,
 * age, days since and to the peak, and the number of non-detections.
 *
 * Detections of every band, program and sign count, the alert's own included; those later than the alert
 * do not, nor does forced photometry. The first date is the lesser of `jdstarthist` and the first
 * detection. Of equal peaks the earliest counts.
 *
 * @param alert - the alert; a `jdstarthist` that is absent, null, not a positive number or a day
 * after the alert is done without, and flagged
 * @param history - what is known of the source; the alert's own detection may be absent
 * @returns days, magnitudes and a count; null where nothing gives the number
 *
 * Source: nabeelre/BTSbot, the making of the training set; skyportal/kowalski,
 * alert_broker_ztf.py. That age counts forward, never below 0, is the training's rule; not all brokers
 * have kept it.
 *
 * @example
 * ```ts
 * import { computeCustomFeatures } from "@btsbot/features";
 *
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, jdstarthist: 2459000, ndethist: 2, ncovhist: 30 };
 * const detection = { fid: 1, sigmapsf: null, positive: true, candid: null, programid: 1 };
 * const detections = [{ ...detection, jd: 2459004, magpsf: 17.5 }, { ...detection, jd: 2459010, magpsf: 18.5 }];
 * const features = computeCustomFeatures({ objectId: "ZTF20aaaaaaa", candid: 1n, candidate }, { detections, nondetections: [] });
 * features.age; // => 10
 * features.days_to_peak; // => 4
 * features.peakmag_so_far; // => 17.5
 * features.nnotdet; // => 28
 * ```
 */
export function computeCustomFeatures(alert: Alert, history: LightCurve): CustomFeatures {
  const { jd, jdstarthist, ncovhist, ndethist } = alert.candidate;
  const given = fieldToNumber(jdstarthist);
  const detections = findDetections(alert, history);
  // The survey marks what it does not know by null or -999; neither is a date. Nor does a source begin after its alert.
  const start = given !== null && given > 0 && given < jd + NIGHT ? given : undefined;
  let first = start;
  let peak: Point | undefined;
  let faintest: Point | undefined;
  for (const point of detections) {
    if (first === undefined || point.jd < first) first = point.jd;
    if (peak === undefined || point.magpsf < peak.magpsf || (point.magpsf === peak.magpsf && point.jd < peak.jd))
      peak = point;
    if (faintest === undefined || point.magpsf > faintest.magpsf) faintest = point;
  }
  return {
    peakmag_so_far: peak?.magpsf ?? null,
    maxmag_so_far: faintest?.magpsf ?? null,
    age: subtract(jd, first),
    days_since_peak: subtract(jd, peak?.jd),
    days_to_peak: subtract(peak?.jd, first),
    nnotdet: subtract(fieldToNumber(ncovhist), fieldToNumber(ndethist)),
    flags: start === undefined ? ["jdstarthist-missing"] : [],
  };
}

/** Days: dates that somebody rounded lie nearer. */
const NIGHT = 1;

type Point = Pick<Detection, "jd" | "magpsf">;

/** The history up to the alert, and the alert's own detection: twice does no harm to extremes. */
function findDetections({ candidate }: Alert, history: LightCurve): Point[] {
  const past: Point[] = history.detections.filter(({ jd, magpsf }) => jd <= candidate.jd && Number.isFinite(magpsf));
  const { jd } = candidate;
  const magpsf = fieldToNumber(candidate.magpsf);
  return magpsf !== null && Number.isFinite(magpsf) ? [...past, { jd, magpsf }] : past;
}

function subtract(from: number | null | undefined, what: number | null | undefined): number | null {
  return from == null || what == null ? null : from - what;
}
