import { BANDS, UNKNOWN_BAND, ZTF_FILTERS } from "../palette.js";
import type { LightCurvePoint } from "../types.js";

/** How the points of a band look. */
export type BandLook = (typeof BANDS)[number] | typeof UNKNOWN_BAND;

/** The look of a point's band: the band itself, else that of ZTF's filter number. */
export function bandOf({ band, fid }: LightCurvePoint): BandLook {
  const name = band ?? ZTF_FILTERS[fid ?? 0];
  return BANDS.find((each) => each.name === name) ?? UNKNOWN_BAND;
}
