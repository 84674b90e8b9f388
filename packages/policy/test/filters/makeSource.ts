import type { Alert, Candidate, PrvCandidate } from "@btsbot/alert";

/** The day of the alert. */
export const JD = 2459010.5;

/** What a detection before the alert is told by. */
export interface Earlier extends Partial<PrvCandidate> {
  /** Days before the alert. */
  readonly days: number;
}

/** A young supernova near a faint galaxy, 71 degrees from the Galactic plane, that every ready filter lets through. */
const SUPERNOVA: Candidate = {
  jd: JD,
  fid: 1,
  ra: 201.6,
  dec: 36.0,
  isdiffpos: "t",
  magpsf: 17.5,
  magap: 17.6,
  rb: 0.9,
  drb: 0.99,
  ndethist: 2,
  nbad: 0,
  fwhm: 2.1,
  jdstarthist: JD - 2,
  sgscore1: 0.02,
  sgscore2: 0.1,
  sgscore3: 0.1,
  distpsnr1: 2.7,
  distpsnr2: 9,
  distpsnr3: 12,
  srmag1: 19.2,
  simag1: 19,
  sgmag1: 19.6,
  szmag1: 18.9,
  srmag2: 20,
  srmag3: 21,
  distnr: 2.5,
  magnr: 18.8,
  neargaia: 25,
  maggaia: 16,
  neargaiabright: 80,
  maggaiabright: 13,
  ssdistnr: -999,
  ssmagnr: -999,
};

const BEFORE: readonly Earlier[] = [{ days: 2, magpsf: 18.2, isdiffpos: "t" }, { days: 3 }];

/**
 * An alert with a history.
 *
 * @param fields - what differs from the supernova; null for a field that the packet lacks
 * @param before - its earlier points: upper limits where there is no `magpsf`
 */
export function makeSource(
  fields: Readonly<Record<string, Candidate[string]>> = {},
  before: readonly Earlier[] = BEFORE,
): Alert {
  return {
    objectId: "ZTF20aajcdad",
    candid: 1000n,
    candidate: { ...SUPERNOVA, ...fields } as Candidate,
    prv_candidates: before.map(({ days, ...point }, index) => ({
      jd: JD - days,
      fid: 1,
      diffmaglim: 20.5,
      ...point,
      candid: point.magpsf === undefined ? null : BigInt(index),
    })),
  };
}

/** ACAI's scores of such a supernova. */
export const SCORES = { acai_h: 0.95, acai_b: 0.01, acai_n: 0.02, acai_v: 0.03, acai_o: 0.04 };
