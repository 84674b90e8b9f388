import { isOfKind, tellKinds } from "./kinds.js";
import { nameKind } from "./nameKind.js";
import { nearestName } from "./nearestName.js";
import { OptionsError } from "./OptionsError.js";

/** The kind of a value, as an option's entry names it. */
type KindOf<V> = V extends string
  ? "string"
  : V extends number
    ? "number"
    : V extends boolean
      ? "boolean"
      : V extends bigint
        ? "bigint"
        : V extends null
          ? "null"
          : V extends (...values: never[]) => unknown
            ? "function"
            : V extends readonly unknown[]
              ? "list"
              : "object";

/** One kind, or up to three with bars between. */
type Kinds<K extends string> = K | `${K}|${K}` | `${K}|${K}|${K}`;

/** What a table of options says of one: its kinds, with `!` where it must be given. */
type OptionEntry<T, N extends keyof T> =
  object extends Pick<T, N> ? Kinds<KindOf<Exclude<T[N], undefined>>> : `${Kinds<KindOf<T[N]>>}!`;

/**
 * The names of the options of type `T`, each with the kind of value that it takes: `"string"`, `"number"`, `"boolean"`,
 * `"bigint"`, `"function"`, `"list"`, `"object"` or `"null"`, several with bars between, and `!` at the end where it must be
 * given; `true` where any value will do; or, where an option is an object with options of its own, their names. Annotated
 * with this type, a table that forgets a name, has one too many, or says another kind does not compile.
 *
 * @example
 * ```ts
 * import type { OptionNames } from "@btsbot/errors";
 *
 * interface DrawOptions {
 *   readonly file: string;
 *   readonly width?: number;
 *   readonly label?: string | readonly string[];
 * }
 * const names: OptionNames<DrawOptions> = { file: "string!", width: "number", label: "string|list" };
 * ```
 */
export type OptionNames<T> = { readonly [N in keyof T]-?: true | OptionEntry<T, N> | NestedNames };

/** The names of options within an option. */
export interface NestedNames {
  /** An option's name, and its kinds, `true` for any, or the names within it. */
  readonly [name: string]: true | string | NestedNames;
}

/**
 * Refuses options that a function does not have, whose values are of another kind, or that it needs and were not given:
 * a misspelt one would be left out without a word, a number for a path would fail far from here. JavaScript has no types
 * to notice it, and TypeScript does not look into objects that were made elsewhere.
 *
 * @param caller - the function's name, as its user calls it
 * @param options - what the user gave; undefined means no options, and an option that is undefined is not given
 * @param names - the names that it has
 * @throws OptionsError for a name that is not one of them, with the nearest that is, for a value of another kind, for one
 * that is needed and absent, and for what is not an object
 *
 * @example
 * ```ts
 * import { checkOptions } from "@btsbot/errors";
 *
 * const NAMES = { width: "number", label: "string" } as const;
 * checkOptions<{ width?: number; label?: string }>("draw", { width: 3 }, NAMES); // nothing
 * try {
 *   checkOptions<object>("draw", { widht: 3 }, NAMES);
 * } catch (error) {
 *   (error as Error).message; // => "draw has no option `widht`. Did you mean `width`?"
 * }
 * ```
 */
export function checkOptions<T extends object>(caller: string, options: T | undefined, names: OptionNames<T>): void {
  checkWithin(caller, "", options, names);
}

function checkWithin(caller: string, path: string, given: unknown, names: NestedNames): void {
  const options = given ?? {};
  if (given === null || typeof options !== "object" || Array.isArray(options)) {
    const hint = path === "" ? `. Given to map or forEach, call it yourself: (each) => ${caller}(each)` : "";
    const where = path === "" ? "its options" : `\`${path.slice(0, -1)}\``;
    throw new OptionsError(`${caller}: expected ${where} as an object, got ${nameKind(given)}${hint}`);
  }
  const values = options as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(values)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined)
      throw new OptionsError(`${caller} has no option \`${path}${name}\`. ${suggest(name, path, names)}`);
    const value = values[name];
    if (known === true || value === undefined) continue;
    if (typeof known === "object") checkWithin(caller, `${path}${name}.`, value, known);
    else if (!isOfKind(value, known))
      throw new OptionsError(
        `${caller}: expected \`${path}${name}\` to be ${tellKinds(known)}, got ${nameKind(value)}`,
      );
  }
  for (const name of Object.keys(names)) {
    const known = names[name];
    if (typeof known === "string" && known.endsWith("!") && values[name] === undefined)
      throw new OptionsError(`${caller} needs the option \`${path}${name}\`, ${tellKinds(known)}`);
  }
}

function suggest(name: string, path: string, names: NestedNames): string {
  const known = Object.keys(names);
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `Did you mean \`${path}${nearest}\`?`;
  return `It has ${known.map((each) => `\`${path}${each}\``).join(", ")}.`;
}
