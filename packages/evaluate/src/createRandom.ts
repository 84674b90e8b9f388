import { invalid, refuse } from "./invalid.js";

/** The state that the published generator starts from. */
const START = [123456789, 362436069, 521288629, 88675123] as const;
/** Outputs thrown away, so that seeds that differ in few bits give streams that differ in many. */
const SETTLING = 64;

/**
 * Makes a generator of random numbers: the same seed, the same numbers, on every platform.
 *
 * It is Marsaglia's xorshift of 128 bits, period 2^128 - 1, with the seed mixed into its published start;
 * enough for resampling, not for secrets.
 *
 * Source: Marsaglia 2003, Journal of Statistical Software 8, 14, Section 4.
 *
 * @param seed - an integer from 0 to 2^32 - 1
 * @returns a function whose every call gives the next number, from 0 up to 1 without 1
 * @throws BtsbotError `evaluation-invalid` if the seed is no such integer
 *
 * @example
 * ```ts
 * import { createRandom } from "@btsbot/evaluate";
 *
 * createRandom(7)() === createRandom(7)(); // => true
 * createRandom(7)() === createRandom(8)(); // => false
 * ```
 */
export function createRandom(seed: number): () => number {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    refuse([invalid("seed", "an integer from 0 to 2^32 - 1", seed)]);
  const next = xorshift128(START[0] ^ seed);
  for (let i = 0; i < SETTLING; i++) next();
  return () => next() / 2 ** 32;
}

/**
 * Marsaglia's generator, with another first word of its state.
 *
 * @param first - 123456789 for the published numbers
 * @returns a function that gives the next integer, 0 to 2^32 - 1
 */
export function xorshift128(first: number): () => number {
  let [x, y, z, w]: readonly number[] = [first, START[1], START[2], START[3]];
  return () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
}
