import type { Orientation } from "../types.js";

/**
 * How ZTF's stamps lie: what is drawn and cut follows this unless the caller says otherwise. Another survey gets a file
 * like this one.
 *
 * Declination falls with the row and right ascension with the column, 1.0126 arcsec a pixel each, so that the first row on
 * top is north up and east left. The headers of the stamps do not say so.
 *
 * Source: medians over 141 and 197 pairs of public alerts of one exposure, `ra` and `dec` against `xpos` and `ypos`; where
 * stamps of one exposure overlap, their rows follow `ypos`.
 */
export const ZTF_STAMPS: { readonly orientation: Orientation; readonly middle: number } = {
  orientation: "first-row-top",
  /** Row and column of the source in a whole stamp of 63 x 63. */
  middle: 31,
};
