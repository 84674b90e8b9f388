import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { hashFrom } from "./hashKeys.js";
import type { Key } from "./hashKeys.js";
import { GOLDEN, mix } from "./mix.js";

/** A stream of random numbers: called, it gives the next one, uniform above 0 and below 1. */
export interface Random {
  /** The next number, above 0 and below 1, in steps of 2^-32. */
  (): number;
  /** Uniform between two bounds. */
  between(low: number, high: number): number;
  /** Normal; mean 0 and deviation 1 by default. */
  normal(mean?: number, deviation?: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** A whole number from 0 to below `count`, each as likely. */
  below(count: number): number;
  /** Poisson of this mean, 0 or more; the normal law, rounded, above 50. */
  poisson(mean: number): number;
}

/** Above this mean the normal law stands for Poisson's. */
const MANY = 50;

/**
 * Makes a stream of random numbers for a list of keys: the same keys give the same numbers, and lists that differ
 * give streams that have nothing in common. So one part of a program does not move another: what is drawn for
 * `(seed, "order", 3)` does not depend on what was drawn before.
 *
 * Uniform and whole numbers and `chance` are the same on every machine; `normal` and `poisson` use the engine's own
 * sines and logarithms, which may differ in the last bit. For resampling and simulation, not for secrets.
 *
 * Source: Blackman and Vigna 2021, ACM Trans. Math. Softw. 47, 36 (xoroshiro128+), its state from 64 bits of the
 * hash that {@link hashKeys} is; Box and Muller 1958, Ann. Math. Stat. 29, 610, for the normal law.
 *
 * @param keys - words and whole numbers, as in {@link hashKeys}; a seed is one of them
 * @returns the stream
 * @throws RangeError for a number that is not whole, or beyond 2^53 - 1
 *
 * @example
 * ```ts
 * import { createRandom } from "@btsbot/chance";
 *
 * const random = createRandom(7, "sky");
 * random() === createRandom(7, "sky")(); // => true
 * random() === createRandom(8, "sky")(); // => false
 * random.below(6) < 6; // => true
 * ```
 */
export function createRandom(...keys: readonly Key[]): Random {
  const [first, second] = [hashFrom(0, keys), hashFrom(GOLDEN, keys)];
  // Crossed: the generator's first number adds the second and fourth word, and so sees all 64 bits.
  const state = [first, second, mix(second + GOLDEN), mix(first + GOLDEN)];
  const engine = xoroshiro128plusFromState(state.map((word) => word | 0));
  return withLaws(() => ((engine.next() >>> 0) + 0.5) / 2 ** 32);
}

function withLaws(unit: () => number): Random {
  let spare: number | undefined;
  const normal = (mean = 0, deviation = 1): number => {
    if (spare !== undefined) {
      const value = mean + deviation * spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(unit()));
    const angle = 2 * Math.PI * unit();
    spare = radius * Math.sin(angle);
    return mean + deviation * radius * Math.cos(angle);
  };
  return Object.assign(unit, {
    normal,
    between: (low: number, high: number) => low + (high - low) * unit(),
    chance: (probability: number) => unit() < probability,
    below: (count: number) => Math.floor(unit() * count),
    poisson: (mean: number) =>
      mean > MANY ? Math.max(0, Math.round(normal(mean, Math.sqrt(mean)))) : invertPoisson(mean, unit()),
  });
}

/** As many as the unit interval's part reaches (Knuth 1969, The Art of Computer Programming 2, section 3.4.1). */
function invertPoisson(mean: number, part: number): number {
  let term = Math.exp(-mean);
  let [sum, count] = [term, 0];
  while (part > sum && count < 1000) {
    count += 1;
    term *= mean / count;
    sum += term;
  }
  return count;
}
