import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/**
 * Numbers of chance that follow from their seed and keys.
 *
 * @internal
 */
export interface Random {
  /** Uniform, above 0 and below 1. */
  unit(): number;
  /** Uniform between two bounds. */
  between(low: number, high: number): number;
  /** Normal. */
  normal(mean?: number, deviation?: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** Poisson, by inversion; the normal law above 50. */
  poisson(mean: number): number;
}

/** Above this mean the normal law stands for Poisson's. */
const MANY = 50;

/**
 * Makes a stream of its own for each list of keys, so that one part of a simulation does not move
 * the others: a source's stars stay where they are if its light curve is asked for one more night.
 *
 * @internal
 */
export function createRandom(seed: number, ...keys: readonly number[]): Random {
  const engine = xoroshiro128plusFromState([1, 2, 3, 4].map((word) => hash([seed, ...keys], word)));
  let spare: number | undefined;
  const unit = (): number => ((engine.next() >>> 0) + 0.5) / 4294967296;
  const normal = (mean = 0, deviation = 1): number => {
    if (spare !== undefined) {
      const value = mean + deviation * spare;
      spare = undefined;
      return value;
    }
    // Box and Muller 1958.
    const radius = Math.sqrt(-2 * Math.log(unit()));
    const angle = 2 * Math.PI * unit();
    spare = radius * Math.sin(angle);
    return mean + deviation * radius * Math.cos(angle);
  };
  return {
    unit,
    normal,
    between: (low, high) => low + (high - low) * unit(),
    chance: (probability) => unit() < probability,
    below: (count) => Math.min(count - 1, Math.floor(unit() * count)),
    poisson: (mean) =>
      mean > MANY ? Math.max(0, Math.round(normal(mean, Math.sqrt(mean)))) : invertPoisson(mean, unit()),
  };
}

function invertPoisson(mean: number, unit: number): number {
  let term = Math.exp(-mean);
  let [sum, count] = [term, 0];
  while (unit > sum && count < 1000) {
    count += 1;
    term *= mean / count;
    sum += term;
  }
  return count;
}

/** The finalizer of MurmurHash3, key after key: neighbouring keys give streams that have nothing in common. */
function hash(keys: readonly number[], word: number): number {
  let state = Math.imul(word, 0x9e3779b1);
  for (const key of keys) {
    // Both halves of a key beyond 32 bits.
    state = mix(state ^ (key | 0));
    state = mix(state ^ Math.floor(key / 4294967296));
  }
  return state;
}

function mix(value: number): number {
  let mixed = value + 0x6d2b79f5;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
