import type { Candidate } from "@btsbot/alert";

/**
 * A number of the alert's detection, 1 for true and 0 for false; undefined where the field is absent, null, no number, NaN or infinite.
 *
 * @internal
 */
export function readField(candidate: Candidate, field: string): number | undefined {
  const value = Object.hasOwn(candidate, field) ? candidate[field] : undefined;
  const number = typeof value === "bigint" || typeof value === "boolean" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
