import type { Alert } from "@btsbot/alert";

/** The detection of an alert, with every number that the features of btsbot-v1 are made of. */
export const BRIGHT_CANDIDATE = {
  jd: 2461000.5,
  fid: 1,
  isdiffpos: "t",
  magpsf: 18.2,
  sigmapsf: 0.1,
  ra: 10,
  dec: 20,
  diffmaglim: 20.5,
  sgscore1: 0.02,
  distpsnr1: 1.2,
  sgscore2: 0.5,
  distpsnr2: 8,
  fwhm: 2.3,
  chipsf: 1.4,
  ndethist: 3,
  ncovhist: 90,
  nmtchps: 5,
  jdstarthist: 2460999.5,
  drb: 0.99,
  drbversion: "d6_m7",
  chinr: 0.8,
  sharpnr: 0.01,
  scorr: 14,
  sky: 0.1,
} satisfies Alert["candidate"];
