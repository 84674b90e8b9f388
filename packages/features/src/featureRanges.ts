import type { FeatureRange } from "./types.js";

/** https://github.com/ZwickyTransientFacility/ztf-avro-alert: what the survey says of its fields. */
const SCHEMA = "ztf-avro-alert, schema/candidate.avsc";
const DEFINITION = "by definition";
/**
 * Bellm et al. 2019, PASP 131, 018002: exposures saturate near 12.5 mag and reach about 21. With room on both sides for
 * residuals of saturated stars, stacked references and deeper surveys. Five magnitudes are a factor of 100.
 */
const MAGNITUDES: FeatureRange = {
  least: 5,
  greatest: 30,
  room: 1,
  marked: false,
  source: "Bellm et al. 2019, PASP 131, 018002: from saturation near 12.5 to a limit near 21, with room",
};
/**
 * Julian dates. The least is 2009, when the camera's first survey, PTF, began (Law et al. 2009, PASP 121, 1395): the
 * survey's sample packets hold exposures that its successor took in 2016. The greatest is 2050. Once the width outside is
 * before 1968 and after 2091: modified Julian dates, seconds and years lie far beyond.
 */
const DATES: FeatureRange = {
  least: 2_454_832,
  greatest: 2_469_808,
  room: 1,
  computed: true,
  source: "2009 to 2050: PTF began in 2009 with this camera, Law et al. 2009, PASP 121, 1395",
};
/** Days: the survey began in March 2018; so long it has not run yet. Twice as long no survey has. */
const DAYS: FeatureRange = {
  least: 0,
  greatest: 10_000,
  room: 1,
  computed: true,
  source: "the survey began in 2018; 2,203 in real packets",
};
/** A position that is looked at every clear night all night has some 10,000 exposures in ten years. */
const VISITS: FeatureRange = {
  least: 0,
  greatest: 100_000,
  strict: "least",
  source: `a count, ${SCHEMA}; 3,215 in real packets; ALeRCE clips at 3,000`,
};
const SCORE: FeatureRange = { least: 0, greatest: 1, strict: true, source: SCHEMA };
/**
 * What the survey marks with -999 where there is none: neighbours in PS1, Gaia and the reference (the schema; the filter of
 * Perley et al. 2020, ApJ 904, 35 takes distances below 0 so). Everything else it measures, and always has.
 */
const MARKED = { marked: true } as const;
/** PS1's catalog and the reference's are searched so far. */
const NEAREST: FeatureRange = {
  least: 0,
  greatest: 30,
  strict: "least",
  ...MARKED,
  source: `${SCHEMA}: searched within 30 arcsec`,
};
const GAIA: FeatureRange = {
  least: 0,
  greatest: 90,
  strict: "least",
  ...MARKED,
  source: `${SCHEMA}: searched within 90 arcsec`,
};
const LATITUDE: FeatureRange = { least: -90, greatest: 90, strict: true, source: DEFINITION };
const LONGITUDE: FeatureRange = { least: 0, greatest: 360, strict: true, source: DEFINITION };

/**
 * What each feature can be, by its name. Where nothing bounds a quantity, the range is what real packets and the
 * training show (mean and deviation in the batch normalization of BTSbot v1.0.1), with an order of magnitude and more to
 * spare.
 *
 * @internal
 */
export const FEATURE_RANGES = {
  sgscore1: { ...SCORE, ...MARKED },
  sgscore2: { ...SCORE, ...MARKED },
  sgscore3: { ...SCORE, ...MARKED },
  distpsnr1: NEAREST,
  distpsnr2: NEAREST,
  distpsnr3: NEAREST,
  fwhm: {
    least: 0,
    greatest: 100,
    strict: "least",
    source: "no width is negative; 6.8 in real packets, training 2.4 ± 0.9",
  },
  magpsf: MAGNITUDES,
  sigmapsf: { least: 0, greatest: 1, strict: "least", source: "an error; at 5 sigma, where alerts begin, 0.22 mag" },
  chipsf: {
    least: 0,
    greatest: 100_000,
    strict: "least",
    source: "no square is negative; 5,136 in real packets, training 13 ± 134",
  },
  ra: LONGITUDE,
  dec: LATITUDE,
  diffmaglim: MAGNITUDES,
  rb: SCORE,
  distnr: NEAREST,
  magnr: { ...MAGNITUDES, ...MARKED },
  classtar: {
    least: 0,
    greatest: 1,
    strict: true,
    source: "SExtractor's CLASS_STAR, Bertin and Arnouts 1996, A&AS 117, 393",
  },
  ndethist: VISITS,
  ncovhist: VISITS,
  nmtchps: {
    least: 0,
    greatest: 1000,
    strict: "least",
    source: `a count, ${SCHEMA}; 265 in real packets, training 14 ± 21`,
  },
  chinr: {
    least: 0,
    greatest: 1000,
    strict: "least",
    ...MARKED,
    source: "no chi is negative; 7.7 in real packets; ALeRCE clips at 15",
  },
  sharpnr: { least: -20, greatest: 20, ...MARKED, source: "-0.6 to 0.9 in real packets; ALeRCE clips at -1 and 1.5" },
  scorr: {
    least: 0,
    greatest: 10_000,
    marked: false,
    source: "a signal-to-noise ratio, 5 at the limit and 1,600 times that 8 mag above; 193 in real packets",
  },
  sky: { least: -100, greatest: 100, marked: false, source: "-26 to 3.9 in real packets, training 0.1 ± 1.3" },
  clrcoeff: { least: -1, greatest: 1, marked: false, source: "mag a mag of color; -0.15 to 0.14 in real packets" },
  clrcounc: { least: 0, greatest: 1, strict: "least", source: "an error; 0.003 in real packets" },
  neargaia: GAIA,
  neargaiabright: GAIA,
  age: DAYS,
  days_since_peak: DAYS,
  days_to_peak: DAYS,
  peakmag_so_far: { ...MAGNITUDES, computed: true },
  maxmag_so_far: { ...MAGNITUDES, computed: true },
  // A difference of two counts.
  nnotdet: { ...VISITS, strict: false, marked: false },
  isdiffpos: { least: 0, greatest: 1, strict: true, source: DEFINITION },
  latitude: LATITUDE,
  longitude: LONGITUDE,
  realBogus: SCORE,
  jd: DATES,
} as const satisfies Readonly<Record<string, FeatureRange>>;
