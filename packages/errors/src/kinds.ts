/** What a value can be, by its name in tables of options, and in words. */
const KINDS: Readonly<Record<string, readonly [words: string, is: (value: unknown) => boolean]>> = {
  string: ["a string", (value) => typeof value === "string"],
  number: ["a number", (value) => typeof value === "number"],
  boolean: ["true or false", (value) => typeof value === "boolean"],
  bigint: ["a bigint", (value) => typeof value === "bigint"],
  function: ["a function", (value) => typeof value === "function"],
  list: ["a list", Array.isArray],
  object: ["an object", (value) => typeof value === "object" && value !== null],
  null: ["null", (value) => value === null],
  bytes: ["bytes, such as a Uint8Array", (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer],
  map: ["a Map", (value) => typeof (value as Partial<Map<string, unknown>> | null | undefined)?.get === "function"],
  iterable: ["a list or another iterable", isIterable],
};

/** Bytes and strings can be walked through too, but whoever gives them means one thing, not a list of numbers or letters. */
function isIterable(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === "string" || ArrayBuffer.isView(value)) return false;
  const { [Symbol.iterator]: at, [Symbol.asyncIterator]: async } = value as Record<symbol, unknown>;
  return typeof at === "function" || typeof async === "function";
}

/**
 * Whether a value is of one of these kinds, such as `"string|list"`.
 *
 * @internal
 */
export function isOfKind(value: unknown, kinds: string): boolean {
  return split(kinds).some((kind) => KINDS[kind][1](value));
}

/**
 * The kinds in words, such as "a string or a list".
 *
 * @internal
 */
export function tellKinds(kinds: string): string {
  return split(kinds)
    .map((kind) => KINDS[kind][0])
    .join(" or ");
}

function split(kinds: string): string[] {
  return (kinds.endsWith("!") ? kinds.slice(0, -1) : kinds).split("|");
}
