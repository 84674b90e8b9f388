/**
 * Chance that follows from a seed (mulberry32).
 *
 * @param {number} seed
 */
export function makeRandom(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 4294967296;
  };
  /** A whole number from `from` to `to`, both included. */
  const integer = (from, to) => from + Math.floor(next() * (to - from + 1));
  /** A whole number of any order of magnitude up to `to`. */
  const magnitude = (to) => Math.floor((to + 1) ** next());
  return { next, integer, magnitude, pick: (list) => list[integer(0, list.length - 1)], chance: (p) => next() < p };
}
