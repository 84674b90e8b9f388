import { fieldToNumber } from "./fieldToNumber.js";
import { historyFeature } from "./historyFeature.js";
import { replaceFeatures } from "./replaceFeatures.js";
import type { OtherFeature } from "./replaceFeatures.js";
import type { HistoryFeatureName } from "./historyFeature.js";
import type { CustomFeatures, FeatureContext, FeatureProfile } from "./types.js";

/** What counts as a detection: MIN_SNR. */
const MIN_SNR = 5;
/** Magnitudes of a relative error in flux, 2.5 / ln 10: what an error in magnitudes is divided into for the signal to noise. */
const POGSON = 2.5 / Math.LN10;

const CUT = `only detections with |snr_psf| at least ${MIN_SNR} count; where a packet has no snr_psf, it is ${POGSON.toFixed(4)} / sigmapsf`;
const TIES = "the system had no rule for equal peaks in different bands; here the earliest counts";

/**
 * What newer BOOM, of 2026, feeds to BTSbot: the features of `btsbot-v1` by its own rules, under the same names, for
 * comparison. The dates count as in the training again; what is left is a cut: detections of all bands up to the alert,
 * whose signal is at least 5 times the noise. ZTF's packets have no `snr_psf`; where it was derived from `sigmapsf`,
 * the features are flagged `snr-from-sigmapsf`. Forced photometry does not count.
 *
 * Source: boom-astro/boom-filter-sandbox 6736c2c, a fork of BOOM with newer code, src/enrichment.
 *
 * @example
 * ```ts
 * import { BOOM_2026, extractFeatures } from "@btsbot/features";
 *
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, sigmapsf: 0.1, jdstarthist: 2459000 };
 * const alert = { objectId: "ZTF20aaaaaaa", candid: 1n, candidate };
 * const { values, flags } = extractFeatures(BOOM_2026, { alert, history: { detections: [], nondetections: [] } });
 * values[13]; // => 10
 * flags; // => ["snr-from-sigmapsf"]
 * ```
 */
export const BOOM_2026: FeatureProfile = {
  name: "boom-2026",
  source: "boom-astro/boom-filter-sandbox 6736c2c, src/enrichment",
  features: replaceFeatures([
    dated("age", CUT),
    dated("days_since_peak", `${CUT}; ${TIES}`),
    dated("days_to_peak", `${CUT}; ${TIES}`),
    dated("peakmag_so_far", CUT),
    dated("maxmag_so_far", CUT),
  ]),
  // src/utils/fits.rs
  stamps: { padding: "centered" },
  notes: [
    "A feature missing for BTSbot or ACAI left all six models without a score; here each model stands alone.",
    "Stamps smaller than 63 x 63: centered, padded with 0 and then normalized; training normalized them and padded at the bottom and the right with 1e-9.",
    "An alert whose history has no point above the cut had no score; here too.",
  ],
};

function dated(name: HistoryFeatureName, differs: string): OtherFeature {
  return {
    ...historyFeature(name, compute),
    path: "candidate.jd, candidate.magpsf, candidate.sigmapsf",
    flags: (context) => (findPoints(context).some(({ isDerived }) => isDerived) ? ["snr-from-sigmapsf"] : []),
    differs,
  };
}

interface Point {
  readonly jd: number;
  readonly magpsf: number;
  /** Whether its signal to noise is not the packet's. */
  readonly isDerived: boolean;
}

function compute(context: FeatureContext): Partial<CustomFeatures> {
  const points = findPoints(context);
  if (points.length === 0) return {};
  const { jd, jdstarthist } = context.alert.candidate;
  const started = fieldToNumber(jdstarthist) ?? Infinity;
  const start = Math.min(points[0].jd, Number.isNaN(started) ? Infinity : started);
  const peak = points.reduce((brightest, point) => (point.magpsf < brightest.magpsf ? point : brightest));
  return {
    peakmag_so_far: peak.magpsf,
    maxmag_so_far: points.reduce((faintest, { magpsf }) => Math.max(faintest, magpsf), peak.magpsf),
    age: jd - start,
    days_since_peak: jd - peak.jd,
    days_to_peak: peak.jd - start,
  };
}

/** The points above the cut, by date. */
function findPoints({ alert, history }: FeatureContext): Point[] {
  const { candidate, prv_candidates } = alert;
  const given = new Map<string, number>();
  for (const point of [...(prv_candidates ?? []), candidate]) {
    const snr = fieldToNumber(point.snr_psf);
    if (Number.isFinite(snr)) given.set(keyOf(point), snr as number);
  }
  return [candidate, ...history.detections]
    .flatMap((point) => {
      const { jd, magpsf, sigmapsf } = point;
      if (!(jd <= candidate.jd) || !Number.isFinite(magpsf) || !Number.isFinite(sigmapsf)) return [];
      const snr = given.get(keyOf(point));
      const ratio = Math.abs(snr ?? POGSON / (sigmapsf as number));
      return ratio >= MIN_SNR ? [{ jd, magpsf: magpsf as number, isDerived: snr === undefined }] : [];
    })
    .sort((a, b) => a.jd - b.jd);
}

function keyOf({ jd, fid }: { readonly jd: number; readonly fid: number }): string {
  return `${jd}/${fid}`;
}
