/** A histogram whose ends may lie inside the data. */
export interface DelayBins {
  /** Bins of one width, from `low` to `high`; a value on an edge is in the upper one. */
  readonly bins: readonly { readonly low: number; readonly high: number; readonly count: number }[];
  readonly low: number;
  readonly high: number;
  /** Values below all bins. */
  readonly below: number;
  /** Values above all bins. */
  readonly above: number;
}

/** A round width so that there are not more bins. */
const MOST_BINS = 24;
/** Beyond so many distances of the quartiles from the middle half a value is not drawn. */
const FAR = 4;
const WIDTHS = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5, 1e6];

/**
 * Counts delays in bins of a round width.
 *
 * @param days - the delays, at least one, finite
 */
export function binDelays(days: readonly number[]): DelayBins {
  const sorted = [...days].sort((a, b) => a - b);
  const [first, third] = [0.25, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))]);
  const reach = FAR * Math.max(third - first, 0.25);
  const near = sorted.filter((each) => each >= first - reach && each <= third + reach);
  const [least, most] = [near[0], near[near.length - 1]];
  // Who was first is the question: zero is in.
  const [left, right] = [Math.min(least, 0), Math.max(most, 0)];
  const width = WIDTHS.find((each) => (right - left) / each <= MOST_BINS) ?? (right - left) / MOST_BINS;
  // A bin of air on both sides.
  const start = Math.floor(left / width) - 1;
  const count = Math.floor(right / width) + 2 - start;
  const edge = (index: number): number => Number(((start + index) * width).toPrecision(12));
  const bins = Array.from({ length: count }, (_, index) => ({ low: edge(index), high: edge(index + 1), count: 0 }));
  for (const each of near) bins[Math.floor(each / width) - start].count += 1;
  const [low, high] = [edge(0), edge(count)];
  return {
    bins,
    low,
    high,
    below: sorted.filter((each) => each < least).length,
    above: sorted.filter((each) => each > most).length,
  };
}
