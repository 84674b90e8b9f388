/** Standard normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * The interval of 95 % for a fraction that was counted: it stays within 0 to 1 and has a width also where
 * the fraction is 0 or 1, unlike the usual normal interval.
 *
 * Source: Wilson 1927, Journal of the American Statistical Association 22, 209.
 *
 * @param hits - how many, 0 to `total`
 * @param total - of how many; of 0 the ends are NaN
 * @returns the ends, 0 to 1
 */
export function wilsonInterval(hits: number, total: number): { low: number; high: number } {
  const fraction = hits / total;
  const scale = 1 + Z ** 2 / total;
  const middle = (fraction + Z ** 2 / (2 * total)) / scale;
  const half = (Z / scale) * Math.sqrt((fraction * (1 - fraction)) / total + Z ** 2 / (4 * total ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
