import { FEATURE_RANGES } from "./featureRanges.js";
import { historyFeature } from "./historyFeature.js";
import { realBogusFeature } from "./realBogusFeature.js";
import { replaceFeatures } from "./replaceFeatures.js";
import type { OtherFeature } from "./replaceFeatures.js";
import { fieldToNumber } from "./fieldToNumber.js";
import type { CustomFeatures, FeatureContext, FeatureProfile } from "./types.js";

/** Where the peak and the faintest magnitude start before any detection counts, mag. */
const PEAK_START = 30;
const FAINTEST_START = 0;

/** Days since the beginning of Julian dates: what comes of a jdstarthist of -999. */
const SINCE_JD_0 = 2_500_000;
const DAYS = FEATURE_RANGES.days_since_peak;

const TIES =
  "of equal peaks the first in this order counts, not the earliest: the packet's detections, the alert's own, stored ones";
const START = "missing without jdstarthist; a jdstarthist of -999 counts as a date";
const FUTURE = "detections later than the alert count where the history has them";

/**
 * What Kowalski, the broker of ZTF until 2025, fed to BTSbot v1.0.1: the features of `btsbot-v1` by its own
 * rules, under the same names, for comparison. Each feature that it computes otherwise says so in `differs`.
 *
 * Where `drb` is absent or null, `rb` takes its place, flagged `rb-for-drb`. Its history is the packet's
 * detections, the alert's own, and stored ones, without removing points that come twice (which no feature
 * notices) and without a cut at the alert's date: a history that is not cut shows what a late alert sees.
 *
 * Source: skyportal/kowalski 51d0078, kowalski/alert_brokers/alert_broker.py and alert_broker_ztf.py.
 *
 * @example
 * ```ts
 * import { extractFeatures, KOWALSKI } from "@btsbot/features";
 *
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, jdstarthist: 2459000, drb: null, rb: 0.6 };
 * const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate };
 * const { values, flags } = extractFeatures(KOWALSKI, { alert, history: { detections: [], nondetections: [] } });
 * values[17]; // => 0.6
 * flags; // => ["rb-for-drb"]
 * ```
 */
export const KOWALSKI: FeatureProfile = {
  name: "kowalski",
  source: "skyportal/kowalski 51d0078, kowalski/alert_brokers/alert_broker.py and alert_broker_ztf.py",
  features: replaceFeatures([
    dated("age", `${START}; ${FUTURE}`),
    {
      ...historyFeature("days_since_peak", compute),
      range: { ...DAYS, least: -DAYS.greatest },
      differs: `${TIES}; ${FUTURE}, so that it can be negative`,
    },
    dated("days_to_peak", `${START}; ${TIES}; ${FUTURE}`),
    { ...historyFeature("peakmag_so_far", compute), differs: `the search starts from ${PEAK_START} mag; ${FUTURE}` },
    { ...historyFeature("maxmag_so_far", compute), differs: `the search starts from ${FAINTEST_START} mag; ${FUTURE}` },
    realBogus(),
  ]),
  notes: [
    "Without jdstarthist no model was scored at all; here BTSbot alone is not.",
    "Stamps: as in training.",
    "A stamp of only zeros or only NaN was scored, and NaN was stored as its score; here it is refused.",
  ],
};

function dated(name: "age" | "days_to_peak", differs: string): OtherFeature {
  const range = { ...DAYS, greatest: SINCE_JD_0, source: "a jdstarthist of -999 counted as a date" };
  return {
    ...historyFeature(name, compute),
    range,
    path: "candidate.jd, candidate.magpsf, candidate.jdstarthist",
    differs,
  };
}

function realBogus(): OtherFeature {
  const feature = realBogusFeature("new_drb");
  return {
    ...feature,
    path: "candidate.drb, candidate.rb, realBogus",
    value: (context) => feature.value(context) ?? context.alert.candidate.rb,
    flags: (context) => (feature.value(context) == null ? ["rb-for-drb"] : (feature.flags?.(context) ?? [])),
    differs: "rb where drb is absent or null",
  };
}

function compute(context: FeatureContext): Partial<CustomFeatures> {
  const { jd, jdstarthist } = context.alert.candidate;
  let first = fieldToNumber(jdstarthist);
  let peakDate: number | undefined;
  let peak = PEAK_START;
  let faintest = FAINTEST_START;
  for (const point of findDetections(context)) {
    if (first != null && point.jd < first) first = point.jd;
    if (point.magpsf < peak) [peak, peakDate] = [point.magpsf, point.jd];
    if (point.magpsf > faintest) faintest = point.magpsf;
  }
  return {
    peakmag_so_far: peak,
    maxmag_so_far: faintest,
    ...(first != null && { age: jd - first }),
    ...(peakDate !== undefined && { days_since_peak: jd - peakDate }),
    ...(peakDate !== undefined && first != null && { days_to_peak: peakDate - first }),
  };
}

/** In the order in which Kowalski strings them together. */
function findDetections({ alert, history }: FeatureContext): { readonly jd: number; readonly magpsf: number }[] {
  const packet = [...(alert.prv_candidates ?? []), alert.candidate];
  return [...packet, ...history.detections].flatMap(({ jd, magpsf }) =>
    Number.isFinite(magpsf) ? [{ jd, magpsf: magpsf as number }] : [],
  );
}
