/**
 * What a value is, in a few words, for messages: a text in quotes and cut, a number as it is, else its kind.
 *
 * @param value - anything
 * @returns the words
 *
 * @example
 * ```ts
 * import { nameKind } from "@btsbot/errors";
 *
 * [nameKind("x"), nameKind([1]), nameKind(null)]; // => ['"x"', "an array", "null"]
 * ```
 */
export function nameKind(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    return kind === "Object" ? "an object" : kind;
  }
  if (typeof value !== "string") return typeof value === "bigint" ? `${value}n` : String(value);
  return JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value);
}

const MOST_SHOWN = 40;
