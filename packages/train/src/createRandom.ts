/**
 * Numbers of chance that follow from their seed alone.
 *
 * @internal
 */
export type Random = () => number;

/** 2^32 divided by the golden ratio, made odd: no pattern in its bits. */
const GOLDEN = 0x9e3779b9;

/** The finalizer of MurmurHash3 (A. Appleby, public domain). */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * 32 bits from words and whole numbers: the same keys give the same bits, on every machine.
 *
 * @internal
 */
export function hashKeys(...keys: readonly (string | number)[]): number {
  let state = 0;
  for (const key of keys) {
    for (const unit of typeof key === "number" ? numberUnits(key) : textUnits(key))
      state = mix(Math.imul(state, 31) + unit + GOLDEN);
    // The end of a key counts: ("a", "bc") is not ("ab", "c").
    state = mix(state ^ 0x2545f491);
  }
  return state;
}

function numberUnits(key: number): readonly number[] {
  return [key | 0, Math.floor(key / 2 ** 32) | 0];
}

function* textUnits(key: string): Generator<number, void, undefined> {
  for (let place = 0; place < key.length; place += 1) yield key.charCodeAt(place);
}

/**
 * A stream of its own for each list of keys, uniform in [0, 1): what is drawn for one epoch or batch
 * does not depend on what was drawn before, so that interrupted training needs no state of it.
 *
 * @internal
 */
export function createRandom(...keys: readonly (string | number)[]): Random {
  let state = hashKeys(...keys);
  return () => {
    state = (state + GOLDEN) | 0;
    return mix(state) / 2 ** 32;
  };
}

/**
 * The whole numbers from 0 to below `length` in an order of chance (Fisher and Yates; Knuth 1969, 3.4.2 P).
 *
 * @internal
 */
export function shuffleIndices(length: number, random: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}
