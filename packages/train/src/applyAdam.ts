import type { Weights } from "@btsbot/model";

/** How Adam steps. */
export interface AdamOptions {
  /** Step size. */
  readonly learningRate: number;
  /** Decay of the mean of the gradients. */
  readonly beta1: number;
  /** Decay of the mean of their squares. */
  readonly beta2: number;
}

/** Added to the root of the second moment: Keras's default. */
const EPSILON = 1e-7;

/**
 * The running means that Adam keeps, by weight.
 *
 * @internal
 */
export interface Moments {
  /** Of the gradients. */
  readonly first: ReadonlyMap<string, Float32Array>;
  /** Of their squares. */
  readonly second: ReadonlyMap<string, Float32Array>;
}

/**
 * Moments of 0 for some weights.
 *
 * @internal
 */
export function startMoments(weights: Weights, names: Iterable<string>): Moments {
  const zeros = (): [string, Float32Array][] =>
    [...names].map((name) => [name, new Float32Array(weights.get(name)!.values.length)]);
  return { first: new Map(zeros()), second: new Map(zeros()) };
}

/**
 * One step of Adam, in place: moments and weights change. Kept outside of any runtime, so that what a
 * checkpoint holds is all there is.
 *
 * Source: Kingma and Ba 2015, arXiv:1412.6980, the end of section 2 (as Keras steps).
 *
 * @param step - which step this is, from 1
 * @internal
 */
export function applyAdam(
  weights: ReadonlyMap<string, Float32Array>,
  gradients: ReadonlyMap<string, Float32Array>,
  { first, second }: Moments,
  step: number,
  { learningRate, beta1, beta2 }: AdamOptions,
): void {
  const rate = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  for (const [name, gradient] of gradients) {
    const [values, mean, square] = [weights.get(name)!, first.get(name)!, second.get(name)!];
    for (let place = 0; place < gradient.length; place += 1) {
      const slope = gradient[place];
      mean[place] = beta1 * mean[place] + (1 - beta1) * slope;
      square[place] = beta2 * square[place] + (1 - beta2) * slope * slope;
      values[place] -= (rate * mean[place]) / (Math.sqrt(square[place]) + EPSILON);
    }
  }
}
