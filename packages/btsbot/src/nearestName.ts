/** More changes than this make another word. */
const MOST_CHANGES = 2;

/**
 * The name that was likely meant: the fewest letters changed, added, left out, or swapped with their neighbour.
 *
 * @returns nothing where no name is near
 *
 * @internal
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let [best, least] = [undefined as string | undefined, Math.min(MOST_CHANGES, name.length - 2) + 1];
  for (const each of names) {
    const changes = countChanges(name.toLowerCase(), each.toLowerCase());
    if (changes < least) [best, least] = [each, changes];
  }
  return best;
}

/** Optimal string alignment distance. */
function countChanges(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const least = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
