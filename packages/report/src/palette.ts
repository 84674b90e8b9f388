/** A colour for each filter by `fid`, and a symbol, so that no one needs to tell colours apart. */
export const BANDS = [
  { fid: 1, name: "g", color: "#0a9a72", symbol: "circle" },
  { fid: 2, name: "r", color: "#d55e00", symbol: "square" },
  { fid: 3, name: "i", color: "#8a6fd1", symbol: "diamond" },
] as const;

/** What stands for a filter that is not known. */
export const UNKNOWN_BAND = { fid: 0, name: "unknown filter", color: "#808080", symbol: "hexagon" } as const;

/**
 * Colours of series, for white and for dark paper alike (contrast 3.5 or more with both), after the palette of Okabe & Ito,
 * https://jfly.uni-koeln.de/color/, with its two lightest colours darkened.
 */
export const SERIES_COLORS = ["#2b83c6", "#d55e00", "#0a9a72", "#c2569b", "#808080", "#8a6fd1", "#b37b00"] as const;

/** Dashes of series, so that no one needs to tell colours apart. */
export const SERIES_DASHES = [undefined, "6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 2"] as const;

/** Paper that figures must be read on, white and dark: those of the report. */
export const PAPERS = ["#ffffff", "#14171c"] as const;
