/**
 * A quantile, by linear interpolation between the nearest values: numpy's default, type 7 of Hyndman and
 * Fan 1996, The American Statistician 50, 361.
 *
 * @param sorted - rising values
 * @param fraction - 0 for the least, 0.5 for the median, 1 for the greatest
 * @returns the quantile; undefined without values
 */
export function quantileOf(sorted: ArrayLike<number>, fraction: number): number | undefined {
  if (sorted.length === 0) return undefined;
  const place = (sorted.length - 1) * fraction;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
