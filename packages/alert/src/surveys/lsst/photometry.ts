import { MJD_EPOCH_JD, taiToUtc, utcToTai } from "@btsbot/sky";
import { LSST_BANDS } from "./fields.js";

/** Magnitude of 1 nJy: AB magnitudes have 3631 Jy as 0 (Oke & Gunn 1983, ApJ 266, 713), and Rubin's fluxes are in nJy. */
export const ZERO_POINT = 31.4;
/** Magnitudes of a relative error in flux: 2.5 / ln 10. */
const POGSON = 2.5 / Math.LN10;
/** Standard deviations at which a limit stands, as ZTF's do. */
const LIMIT_SIGMA = 5;

/**
 * The number of a band that is not known. Rubin's are 11 u, 12 g, 13 r, 14 i, 15 z, 16 y: ten more than their place, so that none is one of
 * ZTF's 1 to 3, whose bands they are not.
 */
export const UNKNOWN_FID = 10;

/** Rubin's bands by `fid`. */
export const LSST_FILTERS: Readonly<Record<number, string>> = Object.fromEntries(
  LSST_BANDS.map((band, place) => [UNKNOWN_FID + 1 + place, band]),
);

/** The number of a band. */
export function toFid(band: unknown): number {
  return UNKNOWN_FID + 1 + (LSST_BANDS as readonly unknown[]).indexOf(band);
}

/** The magnitude of a flux, whatever its sign; null where there is none. */
export function magnitudeOf(flux: unknown): number | null {
  return isFlux(flux) && flux !== 0 ? ZERO_POINT - 2.5 * Math.log10(Math.abs(flux)) : null;
}

/** Its error; null where there is none. */
export function magnitudeErrorOf(flux: unknown, error: unknown): number | null {
  return isFlux(flux) && isFlux(error) && flux !== 0 ? (POGSON * error) / Math.abs(flux) : null;
}

/** The flux of a magnitude, nJy; null where there is none. */
export function fluxOf(magnitude: unknown): number | null {
  return isFlux(magnitude) ? 10 ** ((ZERO_POINT - magnitude) / 2.5) : null;
}

/** The flux's error; null where there is none. */
export function fluxErrorOf(flux: number | null, magnitudeError: unknown): number | null {
  return flux !== null && isFlux(magnitudeError) ? (Math.abs(flux) * magnitudeError) / POGSON : null;
}

/** The limit of forced photometry that does not detect, mag; undefined where it detects, or has no error. */
export function toLimit(flux: unknown, error: unknown): number | undefined {
  if (!isFlux(error) || error <= 0) return undefined;
  return isFlux(flux) && Math.abs(flux) >= LIMIT_SIGMA * error ? undefined : magnitudeOf(LIMIT_SIGMA * error)!;
}

/** The error that gives a limit, nJy; null where there is none. */
export function fromLimit(limit: unknown): number | null {
  const flux = fluxOf(limit);
  return flux === null ? null : flux / LIMIT_SIGMA;
}

/** A Julian date, UTC, of a modified one in TAI. */
export function toJd(mjdTai: number): number {
  return taiToUtc(mjdTai + MJD_EPOCH_JD);
}

/** A modified Julian date, TAI, of a Julian one in UTC. */
export function toMjdTai(jd: number): number {
  return utcToTai(jd) - MJD_EPOCH_JD;
}

function isFlux(value: unknown): value is number {
  return Number.isFinite(value);
}
