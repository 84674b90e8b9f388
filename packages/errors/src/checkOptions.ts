import { nearestName } from "./nearestName.js";

/**
 * The names of the options of type `T`: `true`, or, where an option is an object with options of its own, their names.
 * Annotated with this type, a table that forgets a name or has one too many does not compile.
 *
 * @example
 * ```ts
 * import type { OptionNames } from "@btsbot/errors";
 *
 * interface DrawOptions {
 *   readonly width?: number;
 *   readonly label?: string;
 * }
 * const names: OptionNames<DrawOptions> = { width: true, label: true };
 * ```
 */
export type OptionNames<T> = Readonly<Record<keyof T, true | NestedNames>>;

/** The names of options within an option. */
export interface NestedNames {
  /** An option's name, and `true`, or the names within it. */
  readonly [name: string]: true | NestedNames;
}

/**
 * Refuses options that a function does not have: a misspelt one would be left out without a word. JavaScript has no
 * types to notice it, and TypeScript does not look into objects that were made elsewhere.
 *
 * @param caller - the function's name, as its user calls it
 * @param options - what the user gave; undefined is no options
 * @param names - the names that it has
 * @throws TypeError for a name that is none of them, with the nearest that is, and for what is not an object
 *
 * @example
 * ```ts
 * import { checkOptions } from "@btsbot/errors";
 *
 * const NAMES = { width: true, label: true } as const;
 * checkOptions<object>("draw", { width: 3 }, NAMES); // nothing
 * try {
 *   checkOptions<object>("draw", { widht: 3 }, NAMES);
 * } catch (error) {
 *   (error as Error).message; // => "draw has no option `widht`. Did you mean `width`?"
 * }
 * ```
 */
export function checkOptions<T extends object>(caller: string, options: T | undefined, names: OptionNames<T>): void {
  if (options !== undefined) checkWithin(caller, "", options, names);
}

function checkWithin(caller: string, path: string, options: unknown, names: NestedNames): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const hint = path === "" ? `. Given to map or forEach, call it yourself: (each) => ${caller}(each)` : "";
    const where = path === "" ? "its options" : `\`${path.slice(0, -1)}\``;
    throw new TypeError(`${caller}: expected ${where} as an object, got ${nameKind(options)}${hint}`);
  }
  for (const name of Object.keys(options)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined)
      throw new TypeError(`${caller} has no option \`${path}${name}\`. ${suggest(name, path, names)}`);
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (known !== true && value !== undefined) checkWithin(caller, `${path}${name}.`, value, known);
  }
}

function nameKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function suggest(name: string, path: string, names: NestedNames): string {
  const known = Object.keys(names);
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `Did you mean \`${path}${nearest}\`?`;
  return `It has ${known.map((each) => `\`${path}${each}\``).join(", ")}.`;
}
