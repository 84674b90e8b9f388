import { invalid, refuse } from "./invalid.js";
import type { MagnitudeBin } from "./types/alerts.js";

/** Edges of alert-level bins, mag: 15 to 21 by 0.5 (nabeelre/BTSbot, bts_val.py at a70c0d8). */
export const ALERT_EDGES: readonly number[] = edgesFrom(15, 0.5, 12);

/** Edges of bins of peak magnitude, mag: 17 to 18.5 by 0.25 (nabeelre/BTSbot, bts_val.py at a70c0d8; the paper's Figure 7). */
export const PEAK_EDGES: readonly number[] = edgesFrom(17, 0.25, 6);

function edgesFrom(first: number, width: number, bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, index) => first + index * width);
}

/**
 * The bins between edges.
 *
 * @param edges - rising, mag, two or more
 * @param path - what they are called, for people
 * @returns a bin between each two
 * @throws BtsbotError `evaluation-invalid` if they are fewer or do not rise
 */
export function toBins(edges: readonly number[], path: string): MagnitudeBin[] {
  const rises = edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > edges[index - 1]));
  if (edges.length < 2 || !rises) refuse([invalid(path, "two or more rising magnitudes", edges.join(", "))]);
  return edges.slice(1).map((high, index) => ({ low: edges[index], high }));
}

/**
 * The bin that a magnitude lies in, as numpy.histogram has it: the lower edge belongs to a bin, the upper
 * one to the last bin alone.
 *
 * @param bins - neighbours, by rising magnitude
 * @param magnitude - mag
 * @returns the bin's index; -1 if it is brighter or fainter than all
 */
export function binOf(bins: readonly MagnitudeBin[], magnitude: number): number {
  const last = bins.length - 1;
  if (magnitude === bins[last].high) return last;
  return bins.findIndex(({ low, high }) => magnitude >= low && magnitude < high);
}
