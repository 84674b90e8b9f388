/**
 * Gives values in an order of chance, each order as likely as any other.
 *
 * @param values - not changed
 * @param random - numbers from 0 up to 1, such as those of `createRandom`
 * @returns a new array of the same values
 *
 * Source: Fisher and Yates 1938; Knuth 1969, The Art of Computer Programming 2, section 3.4.2, algorithm P.
 *
 * @example
 * ```ts
 * import { createRandom, shuffle } from "@btsbot/chance";
 *
 * shuffle([1, 2, 3], createRandom(7)).toSorted(); // => [1, 2, 3]
 * ```
 */
export function shuffle<T>(values: Iterable<T>, random: () => number): T[] {
  const order = [...values];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}
