/**
 * What counts as one: `exposures`, all alerts of a source at one time in one filter; `candids`, each alert, as the
 * code behind published figures counts.
 */
export type CountedBy = "exposures" | "candids";

/** What says which exposure an alert, or a point of a light curve, belongs to, and which copy of it it is. */
export interface ExposureAlert {
  /** Its id; null or absent where it has none. */
  readonly candid?: bigint | null | undefined;
  /** Julian date, days UTC. */
  readonly jd: number;
  /** Filter: 1 g, 2 r, 3 i; absent where unknown. */
  readonly fid?: number | null | undefined;
  /** PSF-fit magnitude, mag. */
  readonly magpsf?: number | null | undefined;
  /** Its score, 0 to 1; absent where it has none. */
  readonly score?: number | undefined;
}
