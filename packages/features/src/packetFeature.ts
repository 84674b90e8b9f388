import { FEATURE_RANGES } from "./featureRanges.js";
import type { Feature } from "./types.js";

/** Unit and meaning of the fields that profiles read, https://github.com/ZwickyTransientFacility/ztf-avro-alert */
export const FIELDS = {
  sgscore1: ["", "star/galaxy score of the nearest PS1 source, 0 galaxy to 1 star"],
  distpsnr1: ["arcsec", "distance to the nearest PS1 source"],
  sgscore2: ["", "star/galaxy score of the second nearest PS1 source"],
  distpsnr2: ["arcsec", "distance to the second nearest PS1 source"],
  sgscore3: ["", "star/galaxy score of the third nearest PS1 source"],
  distpsnr3: ["arcsec", "distance to the third nearest PS1 source"],
  fwhm: ["pixels", "full width at half maximum of the detection, Gaussian core"],
  magpsf: ["mag", "PSF-fit magnitude of the difference"],
  sigmapsf: ["mag", "its 1-sigma error"],
  chipsf: ["", "reduced chi-square of the PSF fit"],
  ra: ["degrees", "right ascension J2000"],
  dec: ["degrees", "declination J2000"],
  diffmaglim: ["mag", "expected 5-sigma limit of the difference image"],
  rb: ["", "real/bogus score of the survey's random forest, 0 bogus to 1 real"],
  distnr: ["pixels", "distance to the nearest source in the reference catalog"],
  magnr: ["mag", "magnitude of the nearest source in the reference catalog"],
  classtar: ["", "star/galaxy score of the detection, 0 galaxy to 1 star"],
  ndethist: ["count", "detections of the source so far"],
  ncovhist: ["count", "exposures of the position so far"],
  nmtchps: ["count", "PS1 sources within 30 arcsec"],
  chinr: ["", "chi of the nearest source in the reference catalog"],
  sharpnr: ["", "sharpness of the nearest source in the reference catalog"],
  scorr: ["sigma", "peak of the matched-filtered difference"],
  sky: ["DN", "local sky background"],
  clrcoeff: ["", "color coefficient of the photometric calibration"],
  clrcounc: ["", "its 1-sigma error"],
  neargaia: ["arcsec", "distance to the nearest Gaia source"],
  neargaiabright: ["arcsec", "distance to the nearest bright Gaia source"],
} as const satisfies Readonly<Record<string, readonly [unit: string, meaning: string]>>;

/** A field of the packet that is known here, with its unit, its meaning and its range. */
export type PacketField = keyof typeof FIELDS;

/**
 * A field of the alert's own detection, as it is.
 *
 * @param name - the field's name, which becomes the feature's
 * @param texts - for a field that is not known here: its unit, its meaning, and perhaps what it can be
 * @returns the feature
 *
 * @example
 * ```ts
 * import { packetFeature } from "@btsbot/features";
 *
 * packetFeature("magpsf").unit; // => "mag"
 * packetFeature("ssdistnr", { unit: "arcsec", meaning: "distance to the nearest known solar system object" }).path; // => "candidate.ssdistnr"
 * ```
 */
export function packetFeature(name: PacketField, texts?: Partial<PacketTexts>): Feature;
/**
 * @param name - the field's name, which becomes the feature's
 * @param texts - its unit, its meaning, and perhaps what it can be
 * @returns the feature
 */
export function packetFeature(name: string, texts: PacketTexts): Feature;
export function packetFeature(name: string, texts: Partial<PacketTexts> = {}): Feature {
  const { unit = "", meaning = `the packet's ${name}`, range } = { ...describeField(name), ...texts };
  return {
    name,
    unit,
    meaning,
    path: `candidate.${name}`,
    ...(range && { range }),
    value: ({ alert }) => alert.candidate[name],
  };
}

/** What is said of a field of the packet. */
export type PacketTexts = Pick<Feature, "unit" | "meaning" | "range">;

/**
 * What is known here of a field of the packet; nothing for others.
 *
 * @internal
 */
export function describeField(name: string): Partial<PacketTexts> {
  if (!Object.hasOwn(FIELDS, name)) return {};
  const [unit, meaning] = FIELDS[name as PacketField];
  return { unit, meaning, range: FEATURE_RANGES[name as PacketField] };
}
