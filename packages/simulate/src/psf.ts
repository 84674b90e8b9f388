/** One round Gaussian of a profile: its part of the light, and its variance. */
export interface Gaussian {
  readonly part: number;
  readonly variance: number;
}

/** A point-spread function or a galaxy, as a sum of round Gaussians, variances in square pixels. */
export type Profile = readonly Gaussian[];

/**
 * Three Gaussians that follow a Moffat profile of unit FWHM and exponent 3.5 to 0.2 % of its light
 * (least squares in flux, radii to 6 FWHM); `WINGS` is the part of the widest, which nights change.
 */
const MOFFAT: Profile = [
  { part: 0.2247, variance: 0.1108 },
  { part: 0.5711, variance: 0.26962 },
  { part: 0.2042, variance: 0.83482 },
];
const WINGS = 0.2042;
/** Variance of a pixel's square response. */
const PIXEL_VARIANCE = 1 / 12;

/**
 * Gaussians that follow a Sersic profile of unit effective radius, made like {@link MOFFAT}: index 1 out to 5
 * effective radii to 0.3 %, index 4 out to 8 to 2 %. The idea is Hogg & Lang 2013 (PASP 125, 719).
 */
const EXPONENTIAL: Profile = toProfile(
  [0.00737, 0.05337, 0.22732, 0.74123, 2.12082],
  [0.0029, 0.0355, 0.1918, 0.4653, 0.3046],
);
const DE_VAUCOULEURS: Profile = toProfile(
  [0.00004, 0.0004, 0.00315, 0.02209, 0.14548, 0.833, 2.17614, 11.08889],
  [0.0019, 0.0106, 0.0399, 0.1125, 0.2235, 0.2428, 0.1406, 0.2452],
);

/** A point-spread function of a given FWHM in pixels, with this part of the light in its wings. */
export function makePsf(fwhm: number, wings = WINGS): Profile {
  const core = (1 - wings) / (1 - WINGS);
  return MOFFAT.map(({ part, variance }, index) => ({
    part: index === MOFFAT.length - 1 ? wings : part * core,
    variance: variance * fwhm ** 2 + PIXEL_VARIANCE,
  }));
}

/** A galaxy's profile: Sersic index 1 or 4, effective radius in pixels, not yet blurred. */
export function makeSersic(index: 1 | 4, radius: number): Profile {
  return (index === 1 ? EXPONENTIAL : DE_VAUCOULEURS).map(({ part, variance }) => ({
    part,
    variance: variance * radius ** 2,
  }));
}

/** Value at the centre of a profile of unit flux. */
export function centralValue(profile: Profile): number {
  return profile.reduce((sum, { part, variance }) => sum + part / (2 * Math.PI * variance), 0);
}

/** Pixels over which noise counts in a fit of the profile: the inverse of the sum of its squares. */
export function noiseArea(profile: Profile): number {
  let sum = 0;
  for (const one of profile)
    for (const other of profile) sum += (one.part * other.part) / (2 * Math.PI * (one.variance + other.variance));
  return 1 / sum;
}

/** Part of the light inside a circle, radius in pixels. */
export function enclosedPart(profile: Profile, radius: number): number {
  return profile.reduce(
    (sum, { part, variance }) => sum + part * (1 - Math.exp((-radius * radius) / (2 * variance))),
    0,
  );
}

function toProfile(variances: readonly number[], parts: readonly number[]): Profile {
  const total = parts.reduce((sum, part) => sum + part, 0);
  return variances.map((variance, index) => ({ part: parts[index] / total, variance }));
}
