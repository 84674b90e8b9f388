import { invalid, refuse } from "./invalid.js";
import { quantileOf } from "./quantileOf.js";
import type { BootstrapOptions, ConfidenceInterval } from "./types/intervals.js";

const RESAMPLES = 1000;
const LEVEL = 0.95;

/**
 * Options of a bootstrap with what is not given.
 *
 * @param options - as given
 * @returns all of them
 * @throws BtsbotError `evaluation-invalid` for a number of resamples that is not a positive integer, or a level
 * that is not between 0 and 1
 */
export function readBootstrap({
  random,
  resamples = RESAMPLES,
  level = LEVEL,
}: BootstrapOptions): Required<BootstrapOptions> {
  if (!Number.isSafeInteger(resamples) || resamples < 1)
    refuse([invalid("bootstrap.resamples", "a positive integer", resamples)]);
  if (!(level > 0 && level < 1)) refuse([invalid("bootstrap.level", "a number between 0 and 1", level)]);
  return { random, resamples, level };
}

/**
 * The percentile interval of a figure.
 *
 * @param drawn - the figure in each resample, undefined where it could not be computed
 * @param level - probability of the interval
 * @returns the interval; undefined if no resample defined the figure
 */
export function intervalOf(drawn: readonly (number | undefined)[], level: number): ConfidenceInterval | undefined {
  const values = Float64Array.from(drawn.filter((value) => value !== undefined)).sort();
  const low = quantileOf(values, (1 - level) / 2);
  const high = quantileOf(values, (1 + level) / 2);
  return low === undefined || high === undefined ? undefined : { low, high, resamples: values.length };
}
