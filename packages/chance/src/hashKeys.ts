import { GOLDEN, mix } from "./mix.js";

/** What chance follows from: a word, or a whole number of up to 53 bits. */
export type Key = string | number;

/** Added at the end of a key, so that ("a", "bc") is not ("ab", "c"): the multiplier of Vigna's xorshift64*. */
const END = 0x2545f491;
const HALF = 2 ** 32;

/**
 * Makes 32 bits from words and whole numbers: the same keys give the same bits, on every machine and in every
 * release. What is split by it, such as sources into training and test, therefore stays where it is.
 *
 * Each UTF-16 code unit of a word, and both halves of a number, go through MurmurHash3's finalizer, one after
 * another. A number and the word that spells it are different keys. Not for secrets.
 *
 * Source: Appleby, MurmurHash3, fmix32 (public domain); Knuth 1973, The Art of Computer Programming 3, section 6.4,
 * for the constant.
 *
 * @param keys - words, and whole numbers from -(2^53 - 1) to 2^53 - 1
 * @returns a whole number from 0 to 2^32 - 1
 * @throws RangeError for a number that is not such a whole number, NaN included
 *
 * @example
 * ```ts
 * import { hashKeys } from "@btsbot/chance";
 *
 * // The half that a source belongs to, whatever the other sources are.
 * hashKeys("ZTF23abhvlji") < 2 ** 31; // => true
 * hashKeys("a", "bc") === hashKeys("ab", "c"); // => false
 * ```
 */
export function hashKeys(...keys: readonly Key[]): number {
  return hashFrom(0, keys);
}

/**
 * The same from another start, for more bits.
 *
 * @internal
 */
export function hashFrom(start: number, keys: readonly Key[]): number {
  let state = start;
  for (const key of keys) {
    if (typeof key === "string") for (let at = 0; at < key.length; at += 1) state = absorb(state, key.charCodeAt(at));
    else {
      if (!Number.isSafeInteger(key)) throw new RangeError(`keys: expected words and whole numbers, got ${key}`);
      state = absorb(absorb(state, key | 0), Math.floor(key / HALF) | 0);
    }
    state = mix(state ^ END);
  }
  return state;
}

function absorb(state: number, unit: number): number {
  return mix(Math.imul(state, 31) + unit + GOLDEN);
}
