/**
 * A field as a number: 64-bit integers, which some brokers make of every count, come as bigint; true is 1 and false 0, as of
 * Rubin's flags; what is not a number is missing.
 *
 * @internal
 */
export function fieldToNumber(value: unknown): number | null {
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return typeof value === "number" ? value : null;
}
