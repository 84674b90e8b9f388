/**
 * Bands, from blue to red: each has a shape and a color, so that no one needs to tell colors apart, and no shape looks like an
 * upper limit's arrow down. Colors have a contrast of 3.4 or more with both papers; ZTF's are those that its pages have.
 */
export const BANDS = [
  { name: "u", color: "#2b83c6", shape: "triangle" },
  { name: "g", color: "#0a9a72", shape: "circle" },
  { name: "r", color: "#d55e00", shape: "square" },
  { name: "i", color: "#8a6fd1", shape: "diamond" },
  { name: "z", color: "#c2569b", shape: "star" },
  { name: "y", color: "#b37b00", shape: "pentagon" },
] as const;

/** Bands by `fid`: ZTF's 1 to 3; Rubin's 11 to 16, as `LSST` of `@btsbot/alert` numbers them. */
export const FILTER_BANDS: Readonly<Record<number, string>> = {
  ...{ 1: "g", 2: "r", 3: "i" },
  ...{ 11: "u", 12: "g", 13: "r", 14: "i", 15: "z", 16: "y" },
};

/** What stands for a band that is not known. */
export const UNKNOWN_BAND = { name: "unknown filter", color: "#808080", shape: "hexagon" } as const;

/**
 * Colours of series, for white and for dark paper alike (contrast 3.5 or more with both), after the palette of Okabe & Ito,
 * https://jfly.uni-koeln.de/color/, with its two lightest colours darkened.
 */
export const SERIES_COLORS = ["#2b83c6", "#d55e00", "#0a9a72", "#c2569b", "#808080", "#8a6fd1", "#b37b00"] as const;

/** Dashes of series, as a mark has them, so that no one needs to tell colours apart; the first line is whole. */
export const SERIES_DASHES: readonly { readonly strokeDasharray?: string }[] = [
  {},
  ...["6 3", "2 3", "8 3 2 3", "1 4", "10 4", "4 2"].map((strokeDasharray) => ({ strokeDasharray })),
];

/** Paper that figures must be read on, white and dark: those of the report. */
export const PAPERS = ["#ffffff", "#14171c"] as const;
