/** What needs no quotes is safe without; a word NULL is not. */
const PLAIN = /^[\w.+-]+$/;

/**
 * Writes values as PostgreSQL reads an array (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO).
 *
 * @param values - texts, numbers, integers of 64 bits, bytes, null
 *
 * @internal
 */
export function writeArray(values: readonly unknown[]): string {
  return `{${values.map(writeValue).join(",")}}`;
}

function writeValue(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array)
    return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex")}"`;
  const text = value as string;
  return PLAIN.test(text) && text.toUpperCase() !== "NULL" ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
