import type { Truth } from "./types.js";

/** The columns of a truth table, in order. */
export const TRUTH_COLUMNS = [
  "objectId",
  "label",
  "class",
  "peakmag",
  "peakjd",
  "redshift",
  "ra",
  "dec",
  "saveJd",
  "triggerJd",
] as const;

/**
 * Writes what is known of a source as a line of a truth table, without the line's end.
 *
 * @param truth - what is known
 * @returns the values of {@link TRUTH_COLUMNS}, with commas between; a redshift or time that there is none of is empty.
 * No value has a comma or a quote in it
 *
 * @example
 * ```ts
 * import { toTruthRow } from "@btsbot/simulate";
 *
 * const truth = {
 *   objectId: "ZTF23aaaaaaa", label: 1, class: "SN Ia", peakmag: 17.6, peakjd: 2460229.25, redshift: 0.04, ra: 10.5, dec: 41,
 *   saveJd: 2460228.75, triggerJd: null,
 * } as const;
 * toTruthRow(truth); // => "ZTF23aaaaaaa,1,SN Ia,17.6000,2460229.25000,0.04000,10.500000,41.000000,2460228.75000,"
 * ```
 */
export function toTruthRow(truth: Truth): string {
  const { objectId, label, peakmag, peakjd, redshift, ra, dec, saveJd, triggerJd } = truth;
  return [
    objectId,
    label,
    truth.class,
    peakmag.toFixed(4),
    peakjd.toFixed(5),
    redshift?.toFixed(5) ?? "",
    ra.toFixed(6),
    dec.toFixed(6),
    saveJd?.toFixed(5) ?? "",
    triggerJd?.toFixed(5) ?? "",
  ].join(",");
}
