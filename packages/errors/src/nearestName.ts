/** Letters for each edit that a misspelling may have: more edits make another word. */
const LETTERS_AN_EDIT = 3;

/** Edits that a name is away from one that goes on where it ends. */
const CONTINUED = 1.5;

/**
 * The name that was probably meant: the fewest letters replaced, inserted, left out, or swapped with their neighbour
 * (optimal string alignment), in any case of letters. A name that goes on where the other ends is near however long it is,
 * but not as near as one letter.
 *
 * @param name - what was given
 * @param names - what there is
 * @returns the nearest name, the first of several; undefined where none is near
 *
 * @example
 * ```ts
 * import { nearestName } from "@btsbot/errors";
 *
 * nearestName("bacthSize", ["batchSize", "models"]); // => "batchSize"
 * nearestName("colour", ["batchSize", "models"]); // => undefined
 * ```
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let [best, least] = [undefined as string | undefined, Infinity];
  for (const each of names) {
    const written = countEdits(name.toLowerCase(), each.toLowerCase());
    const edits = continues(name, each) ? Math.min(CONTINUED, written) : written;
    const most = Math.max(1, Math.max(name.length, each.length) / LETTERS_AN_EDIT);
    if (edits <= most && edits < least) [best, least] = [each, edits];
  }
  return best;
}

/** Whether one name goes on where the other ends, as `batch` and `batchSize`. */
function continues(name: string, other: string): boolean {
  const [short, long] = name.length < other.length ? [name, other] : [other, name];
  return short.length >= LETTERS_AN_EDIT && long.toLowerCase().startsWith(short.toLowerCase());
}

/** Optimal string alignment distance: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, length) => length);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = last[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length];
}
