import { isOfKind, tellKinds } from "./kinds.js";
import { nameKind } from "./nameKind.js";
import { OptionsError } from "./OptionsError.js";

/**
 * Refuses an argument of the wrong kind, as {@link checkOptions} refuses an option: callers in JavaScript have no types.
 *
 * @param caller - the function's name, as its user calls it
 * @param name - the argument's name
 * @param value - what was given
 * @param kinds - what the function takes, several with bars between: the kinds of options, and `"bytes"`, `"map"`, `"iterable"`
 * @param keys - what an object must have
 * @throws OptionsError for a value of another kind, or an object without one of the keys
 *
 * @example
 * ```ts
 * import { checkArgument } from "@btsbot/errors";
 *
 * checkArgument("draw", "file", "a.png", "string"); // nothing
 * try {
 *   checkArgument("draw", "stamp", { width: 3 }, "object", ["width", "height"]);
 * } catch (error) {
 *   (error as Error).message; // => "draw: expected `stamp` to be an object with width and height, got one without height"
 * }
 * ```
 */
export function checkArgument(
  caller: string,
  name: string,
  value: unknown,
  kinds: string,
  keys: readonly string[] = [],
): void {
  const isObject = typeof value === "object" && value !== null;
  const absent = isObject ? keys.find((key) => (value as Record<string, unknown>)[key] === undefined) : undefined;
  if (isOfKind(value, kinds) && absent === undefined) return;
  const having = keys.length === 0 ? "" : ` with ${keys.join(" and ")}`;
  const got = absent === undefined ? nameKind(value) : `one without ${absent}`;
  throw new OptionsError(`${caller}: expected \`${name}\` to be ${tellKinds(kinds)}${having}, got ${got}`);
}
