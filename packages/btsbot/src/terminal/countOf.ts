/**
 * A count and its noun, `1 alert`, `2 alerts`.
 *
 * @internal
 */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
