import type { Firing } from "../types.js";

/** Policies that fired at one moment, and where their names stand. */
export interface PlacedName {
  /** Julian date of the moment, days UTC. */
  readonly jd: number;
  readonly name: string;
  /** Which line of names, from 0, the lowest. */
  readonly row: number;
  /** Where the name stands against its rule. */
  readonly anchor: "start" | "end";
}

/** Width of a letter of a name, on average, CSS pixels; wide rather than narrow. */
const LETTER = 6;

/**
 * Places the names of policies above a light curve: those that fire at once share a rule; names that would touch go to
 * different rows.
 *
 * @param firings - in any order
 * @param placeOf - where a date is, CSS pixels from the left of the frame
 * @param width - of the frame, CSS pixels
 */
export function layNames(firings: readonly Firing[], placeOf: (jd: number) => number, width: number): PlacedName[] {
  const moments = new Map<number, string[]>();
  for (const { jd, policy } of [...firings].sort((a, b) => a.jd - b.jd))
    moments.set(jd, [...(moments.get(jd) ?? []), policy]);
  const ends: [number, number][][] = [];
  // From the last: the rule of an earlier one goes up to its name beside the later ones' names, not through them.
  return [...moments].reverse().map(([jd, policies]) => {
    const name = policies.join(", ");
    const x = placeOf(jd);
    const long = name.length * LETTER + 8;
    const anchor = x + long > width && x > long ? "end" : "start";
    const [from, to] = anchor === "start" ? [x, x + long] : [x - long, x];
    const found = ends.findIndex((row) => row.every(([left, right]) => to < left || from > right));
    const row = found < 0 ? ends.length : found;
    ends[row] = [...(ends[row] ?? []), [from, to]];
    return { jd, name, row, anchor };
  });
}
