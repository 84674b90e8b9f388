import type { FlagCode } from "@btsbot/errors";
import { readNumber } from "../json/readNumber.js";
import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";

/** Filters by the letter of the band: ZTF's numbers, and those that a Rubin alert has (`LSST`). */
const ZTF_FIDS: Readonly<Record<string, number>> = { g: 1, r: 2, i: 3 };
const LSST_FIDS: Readonly<Record<string, number>> = { u: 11, g: 12, r: 13, i: 14, z: 15, y: 16 };

/**
 * Zero points of BOOM's fluxes F, by which a magnitude is ZP - 2.5 log10(|F| * 1e-9). BOOM calls both nJy, which
 * is true of Rubin's alone: those of ZTF are 1e6 times too large.
 *
 * Source: boom-astro/boom, src/utils/lightcurves.rs (8.9, and 23.9 for ZTF); checked on a packet of ZTF's that
 * Babamul sent, whose flux of 45548978176 stands beside its magpsf of 19.7538.
 */
const [ZTF_ZERO_POINT, ZERO_POINT] = [23.9, 8.9];
const NANO = 1e-9;
/** Magnitudes of a relative error in flux: 2.5 / ln 10. */
const POGSON = 2.5 / Math.LN10;
/** A limit stands at 5 sigma: so do the survey's, and BOOM's `fluxerr2diffmaglim` in src/utils/lightcurves.rs. */
const LIMIT_SIGMA = 5;
/** The survey's mark for a forced flux that it does not have. */
const NO_FLUX = -99999;

/** What a broker's points are measured in, and what was made of them so far. */
export interface FluxScale {
  readonly fids: Readonly<Record<string, number>>;
  readonly zeroPoint: number;
  /** Gets what was computed or assumed. */
  readonly flags: Set<FlagCode>;
}

/**
 * The scale of BOOM's fluxes.
 *
 * @param detection - a record with a magnitude and a flux shows which zero point is right, should BOOM mend its own
 */
export function toScale(isLsst: boolean, detection: PacketFields = {}): FluxScale {
  const [flux, magpsf] = [readFlux(detection.psfFlux), readFlux(detection.magpsf)];
  const flags = new Set<FlagCode>();
  if (isLsst) return { fids: LSST_FIDS, zeroPoint: ZERO_POINT, flags };
  const shown = flux && magpsf !== undefined ? magpsf + 2.5 * Math.log10(Math.abs(flux) * NANO) : ZTF_ZERO_POINT;
  const isMended = Math.abs(shown - ZERO_POINT) < Math.abs(shown - ZTF_ZERO_POINT);
  return { fids: ZTF_FIDS, zeroPoint: isMended ? ZERO_POINT : ZTF_ZERO_POINT, flags };
}

/**
 * A point with the names of a packet: `fid` of `band`, and where they are absent `magpsf`, `sigmapsf` and
 * `isdiffpos` of `psfFlux` and `psfFluxErr`, or, without a flux, `diffmaglim` of the error. What it has
 * already stays.
 */
export function readFluxPoint(point: unknown, scale: FluxScale): unknown {
  if (!isRecord(point)) return point;
  const { flags, fids } = scale;
  const fid = point.fid ?? (typeof point.band === "string" ? fids[point.band] : undefined);
  const [flux, error] = [readFlux(point.psfFlux), readFlux(point.psfFluxErr)];
  const made: Record<string, unknown> = { ...(fid !== undefined && { fid }) };
  const isMeasured = readFlux(point.magpsf) !== undefined;
  if (flux && !isMeasured) {
    made.magpsf = toMagnitude(flux, scale);
    if (error !== undefined && point.sigmapsf == null) made.sigmapsf = (POGSON * error) / Math.abs(flux);
    flags.add("magnitude-from-flux");
  } else if (!isMeasured && point.diffmaglim == null && error !== undefined && error > 0) {
    made.diffmaglim = toMagnitude(LIMIT_SIGMA * error, scale);
    flags.add("limit-from-flux-error");
  }
  if ((isMeasured || made.magpsf !== undefined) && point.isdiffpos == null) {
    made.isdiffpos = flux === undefined ? "t" : flux > 0 ? "t" : "f";
    if (flux === undefined) flags.add("isdiffpos-assumed");
  }
  return { ...point, ...made };
}

/** The points of a list; what is not one stays what it is. */
export function readFluxPoints(list: unknown, scale: FluxScale): unknown {
  return Array.isArray(list) ? list.map((point) => readFluxPoint(point, scale)) : list;
}

function toMagnitude(flux: number, { zeroPoint }: FluxScale): number {
  return zeroPoint - 2.5 * Math.log10(Math.abs(flux) * NANO);
}

function readFlux(value: unknown): number | undefined {
  const flux = value == null ? undefined : readNumber(value);
  return Number.isFinite(flux) && flux !== NO_FLUX ? flux : undefined;
}
