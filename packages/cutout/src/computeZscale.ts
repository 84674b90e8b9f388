import type { Stamp } from "./types.js";

/** The constants of IRAF's display task: `contrast` and `nsample` by its parameters, the others in its code. */
const CONTRAST = 0.25;
const MAX_SAMPLES = 1000;
const MIN_PIXELS = 5;
const MAX_REJECTED_SHARE = 0.5;
const REJECT_SIGMAS = 2.5;
const MAX_ITERATIONS = 5;
const GROW_SHARE = 0.01;

/**
 * Finds the two pixel values that IRAF's zscale shows as black and white: a line is fitted to the sorted
 * values, outliers rejected, and its slope, made steeper by the contrast, laid through the median. Noise
 * fills the range and bright sources saturate. Sampling aside, which here is even, all is as in IRAF.
 *
 * 1000 pixels evenly spread over the finite ones are sampled, contrast is 0.25, pixels 2.5 sigma off the
 * line are rejected with their neighbours within 1 % of the sample, in at most 5 rounds; if fewer than
 * half remain, the whole range is taken.
 *
 * @param stamp - pixels as stored; those that are not finite do not count
 * @returns the lower and the upper value; NaN for a stamp without finite pixels
 *
 * Source: IRAF, task display of package images.tv, ZSCALE algorithm in its help page.
 *
 * @example
 * ```ts
 * import { computeZscale } from "@btsbot/cutout";
 *
 * computeZscale({ width: 5, height: 1, pixels: new Float32Array([4, 0, 2, 1, 3]) }); // => [0, 4]
 * ```
 */
export function computeZscale(stamp: Stamp): [low: number, high: number] {
  const sample = takeSample(stamp.pixels).sort();
  const count = sample.length;
  if (count === 0) return [NaN, NaN];
  const [least, greatest] = [sample[0], sample[count - 1]];
  const slope = fitSlope(sample);
  if (slope === undefined) return [least, greatest];
  // IRAF counts from 1: the centre of n sorted values is its (n + 1) / 2-th.
  const center = Math.max(1, Math.floor((count + 1) / 2));
  const median = count % 2 === 1 ? sample[center - 1] : (sample[center - 1] + sample[center]) / 2;
  const steep = slope / CONTRAST;
  return [Math.max(least, median - (center - 1) * steep), Math.min(greatest, median + (count - center) * steep)];
}

function takeSample(pixels: Float32Array): Float32Array {
  const finite = pixels.filter((value) => Number.isFinite(value));
  const { length } = finite;
  if (length <= MAX_SAMPLES) return finite;
  return Float32Array.from({ length: MAX_SAMPLES }, (_, index) => finite[Math.floor((index * length) / MAX_SAMPLES)]);
}

/** Slope of the sorted values over their rank, outliers rejected; undefined if too few pixels remain. */
function fitSlope(sample: Float32Array): number | undefined {
  const count = sample.length;
  const least = Math.max(MIN_PIXELS, Math.floor(count * MAX_REJECTED_SHARE));
  const grow = Math.max(1, Math.round(count * GROW_SHARE));
  const good = new Uint8Array(count).fill(1);
  let remaining = count;
  let line = fitLine(sample, good, remaining);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const before = remaining;
    remaining = reject(sample, good, line, grow);
    if (remaining === before) break;
    if (remaining < least) return undefined;
    line = fitLine(sample, good, remaining);
  }
  return remaining < least ? undefined : line.slope;
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
  readonly sigma: number;
}

/** Least squares over the good values; sigma is the standard deviation of what remains. */
function fitLine(sample: Float32Array, good: Uint8Array, count: number): Line {
  let [meanX, meanY] = [0, 0];
  for (let x = 0; x < sample.length; x += 1) {
    if (good[x]) [meanX, meanY] = [meanX + x / count, meanY + sample[x] / count];
  }
  let [sumXX, sumXY, sumYY] = [0, 0, 0];
  for (let x = 0; x < sample.length; x += 1) {
    if (!good[x]) continue;
    const [dx, dy] = [x - meanX, sample[x] - meanY];
    sumXX += dx * dx;
    sumXY += dx * dy;
    sumYY += dy * dy;
  }
  const slope = sumXX === 0 ? 0 : sumXY / sumXX;
  const variance = count > 1 ? (sumYY - slope * sumXY) / (count - 1) : 0;
  return { slope, intercept: meanY - slope * meanX, sigma: Math.sqrt(Math.max(0, variance)) };
}

/** Marks outliers and their neighbours; returns how many pixels are left. */
function reject(sample: Float32Array, good: Uint8Array, { slope, intercept, sigma }: Line, grow: number): number {
  const limit = REJECT_SIGMAS * sigma;
  const outliers: number[] = [];
  sample.forEach((value, x) => {
    if (good[x] && Math.abs(value - (intercept + slope * x)) > limit) outliers.push(x);
  });
  for (const x of outliers) good.fill(0, Math.max(0, x - grow), x + grow + 1);
  return good.reduce((sum, value) => sum + value, 0);
}
