import { BANDS, UNKNOWN_BAND, FILTER_BANDS } from "../palette.js";
import type { LightCurvePoint } from "../types.js";

/** How the points of a band look. */
export type BandLook = (typeof BANDS)[number] | typeof UNKNOWN_BAND;

/** The look of a point's band: the band itself, else that of ZTF's or Rubin's filter number. */
export function bandOf({ band, fid }: LightCurvePoint): BandLook {
  const name = band ?? FILTER_BANDS[fid ?? 0];
  return BANDS.find((each) => each.name === name) ?? UNKNOWN_BAND;
}
