import type { StoredPoint } from "@btsbot/alert";

/** A point of a light curve that is kept. */
export interface HistoryPoint extends StoredPoint {
  /** True where another point of its exposure comes before it: features see both, and who counts exposures counts one. */
  readonly copy?: true;
}

/** Light curves of sources beyond the packet's thirty days. */
export interface History {
  /**
   * Asked once a batch, never by alert.
   *
   * @param objectIds - the sources
   * @param asOf - no point after this date, JD; of any date by default. What is later than one alert of several is left
   * out by whoever reads it (`toLightCurve` of `@btsbot/alert`)
   * @returns every point that is known, by the source's name, in the order of `orderPoints`; a source without is absent
   */
  points(objectIds: readonly string[], asOf?: number): Promise<ReadonlyMap<string, readonly HistoryPoint[]>>;
}
