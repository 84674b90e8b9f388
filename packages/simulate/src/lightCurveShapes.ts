/**
 * Light-curve shapes: magnitudes below the peak in g and r against days from the g-band peak in the
 * source's frame. Between rows the lines are straight; before the first row there is nothing, after the
 * last the decline goes on at its last slope. The numbers are rounded: what the works cited call typical.
 */
export interface LightCurveShape {
  readonly phase: readonly number[];
  readonly g: readonly number[];
  readonly r: readonly number[];
}

/** Type Ia: after the normal template of Hsiao et al. 2007 (ApJ 663, 1187) at g and r, with the second bump in r. */
const TYPE_IA: LightCurveShape = {
  phase: [-17.5, -16, -14, -12, -10, -7, -5, -3, 0, 5, 10, 15, 20, 25, 30, 40, 60, 90],
  g: [6, 3.6, 2.3, 1.5, 0.95, 0.4, 0.2, 0.06, 0, 0.2, 0.62, 1.15, 1.7, 2.15, 2.45, 2.8, 3.2, 3.8],
  r: [6, 3.6, 2.2, 1.4, 0.9, 0.38, 0.18, 0.05, 0, 0.1, 0.42, 0.72, 0.78, 0.92, 1.2, 1.75, 2.35, 3.1],
};

/** Type II: fast rise, plateau, drop to the radioactive tail (Anderson et al. 2014, ApJ 786, 67; Gall et al. 2015, A&A 582, A3). */
const TYPE_II: LightCurveShape = {
  phase: [-9, -8, -6, -4, -2, 0, 10, 25, 50, 75, 90, 100, 115, 150],
  g: [6, 3, 1.4, 0.6, 0.15, 0, 0.15, 0.5, 1.05, 1.4, 1.75, 2.8, 3.7, 4.1],
  r: [6, 3, 1.5, 0.7, 0.22, 0.05, 0, 0.05, 0.15, 0.3, 0.55, 1.5, 2.3, 2.65],
};

/** Types Ib and Ic: narrow, red after peak (Drout et al. 2011, ApJ 741, 97; Taddia et al. 2018, A&A 609, A136). */
const TYPE_IBC: LightCurveShape = {
  phase: [-16, -14, -11, -8, -5, -2, 0, 5, 10, 15, 20, 30, 50, 90],
  g: [6, 3, 1.6, 0.85, 0.35, 0.06, 0, 0.18, 0.6, 1.05, 1.45, 1.95, 2.4, 3.1],
  r: [6, 3, 1.7, 0.95, 0.45, 0.14, 0.05, 0, 0.2, 0.5, 0.82, 1.3, 1.85, 2.6],
};

/** Tidal disruption: slow rise, exponential fall, blue all the way (van Velzen et al. 2021, ApJ 908, 4). */
const DISRUPTION: LightCurveShape = {
  phase: [-45, -35, -25, -18, -10, -5, 0, 15, 30, 60, 100, 200],
  g: [6, 3.4, 1.8, 0.95, 0.3, 0.08, 0, 0.2, 0.5, 1.1, 1.8, 3.2],
  r: [6, 3.4, 1.8, 0.95, 0.3, 0.08, 0, 0.18, 0.46, 1.0, 1.65, 3.0],
};

/** Dwarf nova: a day's rise, days of plateau, a fall (Warner 1995, Cataclysmic Variable Stars, section 3.3). */
const DWARF_NOVA: LightCurveShape = {
  phase: [-2, -1, 0, 3, 6, 8, 11, 15],
  g: [8, 2, 0, 0.12, 0.35, 1.2, 2.6, 8],
  r: [8, 2, 0, 0.1, 0.3, 1.1, 2.4, 8],
};

/** Classical nova: fast rise, smooth decline slowing down (Strope et al. 2010, AJ 140, 34, class S). */
const NOVA: LightCurveShape = {
  phase: [-3, -2, -1, 0, 5, 12, 25, 50, 100, 200],
  g: [10, 4, 1.2, 0, 0.9, 1.9, 3, 4, 5, 6.2],
  r: [10, 4, 1.2, 0, 0.75, 1.6, 2.5, 3.3, 4.2, 5.4],
};

export const SHAPES = {
  "SN Ia": TYPE_IA,
  "SN II": TYPE_II,
  "SN Ibc": TYPE_IBC,
  TDE: DISRUPTION,
  CV: DWARF_NOVA,
  Nova: NOVA,
} as const;

/** Magnitudes below the peak; Infinity before the rise. */
export function magnitudesBelowPeak(shape: LightCurveShape, band: "g" | "r", phase: number): number {
  const { phase: days } = shape;
  const values = shape[band];
  if (phase < days[0]) return Infinity;
  let right = days.findIndex((day) => day > phase);
  if (right < 0) right = days.length - 1;
  const left = right - 1;
  return values[left] + ((values[right] - values[left]) * (phase - days[left])) / (days[right] - days[left]);
}
