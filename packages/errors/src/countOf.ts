/**
 * A count with its noun, for messages: one function for all, so that none says `1 alerts`.
 *
 * @param count - how many there are
 * @param one - the noun for one
 * @param many - the noun for none and for several; `one` with an s by default
 * @returns such as `1 alert` or `2 alerts`
 *
 * @example
 * ```ts
 * import { countOf } from "@btsbot/errors";
 *
 * countOf(1, "alert"); // => "1 alert"
 * countOf(0, "spectrum", "spectra"); // => "0 spectra"
 * ```
 */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
