import type { Alert, FpHist } from "@btsbot/alert";
import { FEATURE_RANGES } from "./featureRanges.js";
import { historyFeature } from "./historyFeature.js";
import { replaceFeatures } from "./replaceFeatures.js";
import type { CustomFeatures, FeatureContext, FeatureProfile } from "./types.js";

/** Forced photometry is a detection from this ratio of flux to error on: SNT in src/utils/lightcurves.rs. */
const MIN_SNR = 3;
/** The processing status of forced photometry that has no warning. */
const GOOD_STATUS = "0";
const DAYS = FEATURE_RANGES.age;
/** The survey's mark for a forced flux, or an error of one, that it does not have. */
const NO_FLUX = -99999;

const FORCED = "forced photometry of the packet with |flux| at least 3 times its error counts, as magnitude of |flux|";
const FIRST = "from the first point of the history, whatever jdstarthist says";
const TIES = "the system had no rule for equal peaks in different bands; here the earliest counts";

/**
 * What BOOM fed to BTSbot v1.0.1 in 2025 and until it went over to v2: the features of `btsbot-v1` by its own
 * rules, under the same names, for comparison. Each feature that it computes otherwise says so in `differs`.
 *
 * `age` has the wrong sign and ignores `jdstarthist`, as all its dates do: it is the first point of the
 * history minus the last. Points are detections with an error and a sign, one per exposure, up to the
 * alert, and forced photometry with `procstatus` 0, a zero point and |flux| at least 3 times its error, where
 * the exposure has no detection in its band; its magnitude is that of |flux|. Only the packet's own forced
 * photometry is known here; BOOM adds what earlier packets of the source had.
 *
 * Source: boom-astro/boom 8ebd463d, src/enrichment/models/ztf/btsbot.rs, src/enrichment/ztf.rs,
 * src/alert/ztf.rs, src/utils/lightcurves.rs.
 *
 * @example
 * ```ts
 * import { BOOM_2025, extractFeatures } from "@btsbot/features";
 *
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, sigmapsf: 0.1, jdstarthist: 2458000 };
 * const forced = { jd: 2459006, fid: 1, forcediffimflux: 100, forcediffimfluxunc: 10, magzpsci: 26, procstatus: "0" };
 * const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate, fp_hists: [forced] };
 * const { values } = extractFeatures(BOOM_2025, { alert, history: { detections: [], nondetections: [] } });
 * values[13]; // => -4
 * values[24]; // => 21
 * ```
 */
export const BOOM_2025: FeatureProfile = {
  name: "boom-2025",
  source: "boom-astro/boom 8ebd463d, src/enrichment and src/utils/lightcurves.rs",
  features: replaceFeatures([
    {
      ...historyFeature("age", compute),
      range: { ...DAYS, least: -DAYS.greatest, greatest: 0 },
      differs: `the wrong sign, 0 or less: from the alert back to the first point; ${FIRST}; ${FORCED}`,
    },
    { ...historyFeature("days_since_peak", compute), differs: `${FORCED}; ${TIES}` },
    { ...historyFeature("days_to_peak", compute), differs: `${FIRST}; ${FORCED}; ${TIES}` },
    { ...historyFeature("peakmag_so_far", compute), differs: FORCED },
    { ...historyFeature("maxmag_so_far", compute), differs: FORCED },
  ]),
  // src/utils/fits.rs
  stamps: { padding: "centered" },
  notes: [
    "A feature missing for BTSbot or ACAI left all six models without a score; here each model stands alone.",
    "Stamps smaller than 63 x 63: centered, padded with 0 and then normalized; training normalized them and padded at the bottom and the right with 1e-9.",
    "A stamp of only zeros or only NaN was scored, and NaN was stored as its score; here it is refused.",
    "Magnitudes of forced photometry were computed in single precision: up to 2e-6 mag from these.",
    "Forced photometry of earlier packets of the source counted too; here the packet's own alone.",
  ],
};

interface Point {
  readonly jd: number;
  readonly fid: number;
  readonly magpsf: number;
}

function compute(context: FeatureContext): Partial<CustomFeatures> {
  const points = findPoints(context);
  if (points.length === 0) return {};
  const [first, last] = [points[0], points[points.length - 1]];
  const peak = points.reduce((brightest, point) => (point.magpsf < brightest.magpsf ? point : brightest));
  return {
    peakmag_so_far: peak.magpsf,
    maxmag_so_far: points.reduce((faintest, { magpsf }) => Math.max(faintest, magpsf), first.magpsf),
    age: first.jd - last.jd,
    days_since_peak: last.jd - peak.jd,
    days_to_peak: peak.jd - first.jd,
  };
}

/** By date; of two points of the same exposure and band the detection stands before forced photometry. */
function findPoints({ alert, history }: FeatureContext): Point[] {
  const measured = history.detections.filter(
    ({ magpsf, sigmapsf, positive }) => Number.isFinite(magpsf) && sigmapsf !== null && positive !== null,
  );
  const detections = dropRepeated([...measured, ...findOwn(alert)], ({ jd }) => String(jd));
  const forced = (alert.fp_hists ?? []).flatMap(toPoint);
  const points = [...detections, ...forced].filter(({ jd }) => jd <= alert.candidate.jd).sort((a, b) => a.jd - b.jd);
  return dropRepeated(points, ({ jd, fid }) => `${jd}/${fid}`);
}

function findOwn({ candidate: { jd, fid, magpsf, sigmapsf } }: Alert): Point[] {
  return Number.isFinite(magpsf) && Number.isFinite(sigmapsf) ? [{ jd, fid, magpsf: magpsf as number }] : [];
}

function toPoint({ jd, fid, forcediffimflux: flux, forcediffimfluxunc: error, magzpsci, procstatus }: FpHist): Point[] {
  if (procstatus !== GOOD_STATUS || typeof magzpsci !== "number") return [];
  if (flux == null || flux === NO_FLUX || error == null || error === NO_FLUX) return [];
  return Math.abs(flux) / error >= MIN_SNR ? [{ jd, fid, magpsf: magzpsci - 2.5 * Math.log10(Math.abs(flux)) }] : [];
}

/** The first of those with the same key. */
function dropRepeated(points: readonly Point[], keyOf: (point: Point) => string): Point[] {
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = keyOf(point);
    return !seen.has(key) && seen.add(key);
  });
}
