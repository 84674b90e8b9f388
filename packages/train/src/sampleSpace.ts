import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import type { ParameterRange, SearchSpace } from "./searchSpaces.js";

/** A value for each parameter of a search. */
export type Parameters = Readonly<Record<string, number | string | boolean>>;

/**
 * Draws a point of a search space, each parameter on its own.
 *
 * @param space - the ranges
 * @param seed - of the search, a whole number
 * @param trial - which point, from 0: a point does not depend on how many others are drawn
 * @returns a value for each parameter
 *
 * Source: Bergstra and Bengio 2012, JMLR 13, 281.
 *
 * @example
 * ```ts
 * import { sampleSpace } from "@btsbot/train";
 *
 * const { rate } = sampleSpace({ rate: { min: 0.1, max: 0.8 } }, 1, 0);
 * Number(rate) >= 0.1 && Number(rate) <= 0.8; // => true
 * ```
 */
export function sampleSpace(space: SearchSpace, seed: number, trial: number): Parameters {
  return Object.fromEntries(
    Object.entries(space).map(([name, range]) => [name, sampleRange(range, createRandom(seed, "trial", trial, name))]),
  );
}

function sampleRange(range: ParameterRange, random: Random): number | string | boolean {
  if ("values" in range) return range.values[Math.floor(random() * range.values.length)];
  const { min, max, scale = "linear", integer = false } = range;
  // Each whole number has the part of the range between its halves.
  const [low, high] = integer ? [min - 0.5, max + 0.5] : [min, max];
  const draw = random();
  const value = scale === "log" ? low * (high / low) ** draw : low + (high - low) * draw;
  return Math.min(Math.max(integer ? Math.round(value) : value, min), max);
}
