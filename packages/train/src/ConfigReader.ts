import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";

/** Bounds of a number. */
interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/**
 * Reads an object of a configuration key by key and gathers everything that is wrong with it.
 *
 * @internal
 */
export class ConfigReader {
  readonly #path: string;
  readonly #problems: Problem[];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  constructor(value: unknown, path: string, problems: Problem[] = []) {
    this.#path = path;
    this.#problems = problems;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject) this.#refuse(path, "an object", value);
    this.#values = isObject ? (value as Record<string, unknown>) : {};
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  /** The value as it is; it counts as known. */
  take(key: string): unknown {
    this.#known.add(key);
    return this.#values[key];
  }

  number<T>(
    key: string,
    fallback: T,
    { min = -Infinity, max = Infinity, integer = false }: NumberRule = {},
  ): number | T {
    const value = this.take(key);
    if (value === undefined) return fallback;
    if (typeof value === "number" && value >= min && value <= max && (!integer || Number.isInteger(value)))
      return value;
    const bounds = max === Infinity ? ` of ${min} or more` : ` from ${min} to ${max}`;
    return this.#refuse(
      key,
      `${integer ? "a whole number" : "a number"}${min === -Infinity ? "" : bounds}`,
      value,
      fallback,
    );
  }

  string<T>(key: string, fallback: T): string | T {
    const value = this.take(key);
    if (value === undefined) return fallback;
    return typeof value === "string" && value !== "" ? value : this.#refuse(key, "a text", value, fallback);
  }

  /** A text that must be there. */
  text(key: string): string {
    if (!this.has(key)) this.#refuse(key, "a text", undefined);
    return this.string(key, "");
  }

  boolean<T>(key: string, fallback: T): boolean | T {
    const value = this.take(key);
    if (value === undefined) return fallback;
    return typeof value === "boolean" ? value : this.#refuse(key, "true or false", value, fallback);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.take(key);
    if (value === undefined) return fallback;
    return allowed.includes(value as T) ? (value as T) : this.#refuse(key, allowed.join(", "), value, fallback);
  }

  strings<T>(key: string, fallback: T, allowed?: readonly string[]): readonly string[] | T {
    const value = this.take(key);
    if (value === undefined) return fallback;
    const fits =
      Array.isArray(value) && value.every((each) => typeof each === "string" && (allowed?.includes(each) ?? true));
    return fits
      ? (value as string[])
      : this.#refuse(
          key,
          allowed === undefined ? "a list of texts" : `a list of ${allowed.join(", ")}`,
          value,
          fallback,
        );
  }

  /** An object inside; an empty one if it is not there. */
  object(key: string): ConfigReader {
    return new ConfigReader(this.take(key) ?? {}, this.#at(key), this.#problems);
  }

  /** The objects of a list that must have one at least. */
  objects(key: string): ConfigReader[] {
    const value = this.take(key);
    if (!Array.isArray(value) || value.length === 0) return this.#refuse(key, "a list of one or more", value, []);
    return value.map((each: unknown, place) => new ConfigReader(each, `${this.#at(key)}[${place}]`, this.#problems));
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  refuse(key: string, expected: string): void {
    this.#refuse(key, expected, this.#values[key]);
  }

  /** Refuses keys that nothing has asked for: a misspelt one would be a default in silence. */
  end(): void {
    for (const key of Object.keys(this.#values)) {
      if (this.#known.has(key)) continue;
      const expected = [...this.#known].join(", ");
      this.#problems.push(
        BtsbotError.problem("config-invalid", "there is no such key", { path: this.#at(key), expected }),
      );
    }
  }

  /** Throws what was gathered. */
  throwProblems(): void {
    if (this.#problems.length > 0) throw new BtsbotError(this.#problems);
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  #refuse<T>(key: string, expected: string, value: unknown, fallback?: T): T {
    const got = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
    const path = key === this.#path ? key : this.#at(key);
    this.#problems.push(BtsbotError.problem("config-invalid", "this cannot be", { path, expected, got }));
    return fallback as T;
  }
}
