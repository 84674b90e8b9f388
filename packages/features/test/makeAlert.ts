import type { Alert, Candidate, Detection, LightCurve } from "@btsbot/alert";

/** An alert's own detection with everything that BTSbot reads. */
const CANDIDATE: Candidate = {
  jd: 2459010.5,
  fid: 1,
  magpsf: 18.5,
  sigmapsf: 0.1,
  jdstarthist: 2459000.5,
  ndethist: 4,
  ncovhist: 30,
  sgscore1: 0.1,
  distpsnr1: 2.5,
  sgscore2: 0.9,
  distpsnr2: 7.5,
  fwhm: 2.1,
  chipsf: 3,
  ra: 150.1,
  dec: -12.5,
  diffmaglim: 20.4,
  nmtchps: 7,
  drb: 0.98,
  drbversion: "d6_m7",
  chinr: 0.7,
  sharpnr: -0.02,
  scorr: 21.5,
  sky: 0.3,
};

/**
 * A whole alert without stamps.
 *
 * @param fields - fields of its detection that differ
 * @returns the alert
 */
export function makeAlert(fields: Readonly<Record<string, Candidate[string]>> = {}): Alert {
  return { objectId: "ZTF20aaaaaaa", candid: 5n, candidate: { ...CANDIDATE, ...fields } };
}

/**
 * A history of detections.
 *
 * @param points - jd and magpsf of each
 * @returns the light curve, in the order given
 */
export function makeHistory(...points: readonly (readonly [jd: number, magpsf: number])[]): LightCurve {
  const rest: Omit<Detection, "jd" | "magpsf"> = {
    fid: 2,
    sigmapsf: null,
    positive: null,
    candid: null,
    programid: null,
  };
  return { detections: points.map(([jd, magpsf]) => ({ ...rest, jd, magpsf })), nondetections: [] };
}
