import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { fromExtendedJson } from "../json/extendedJson.js";
import type { FieldKind, FieldTable } from "../surveys/ztf/fields.js";
import { REQUIRED_FIELDS } from "../surveys/ztf/fields.js";
import { readLong, UNSAFE } from "../json/readLong.js";
import { readNumber } from "../json/readNumber.js";

/** Problems of an alert after which no more are gathered: a list of any length may be wrong in every entry. */
const MOST_PROBLEMS = 100;

type Fields = Readonly<Record<string, unknown>>;

/** What a field must hold, in words. */
const EXPECTED: Readonly<Record<FieldKind, string>> = {
  double: "a number",
  float: "a number",
  int: "an integer",
  long: "a 64-bit integer",
  string: "a string",
  sign: "a string, a number or a boolean",
};

/**
 * Checks a measurement field by field and brings what brokers write in another way into one form. A
 * record that is in that form already is returned itself.
 *
 * @param problems - gets what is wrong
 * @param inForm - whether its schema says that it is in that form
 */
export function readRecord(
  record: object,
  table: ReadonlyMap<string, FieldKind>,
  path: string,
  problems: Problem[],
  inForm: boolean,
): Fields {
  const given = record as Fields;
  const result = inForm ? given : readFields(given, table, path, problems);
  for (const name of REQUIRED_FIELDS) {
    // What is there and is no number at all has been refused already.
    const refused = result[name] === undefined && given[name] != null;
    if (!refused && !Number.isFinite(result[name])) problems.push(missing(given[name], `${path}.${name}`));
  }
  return result;
}

function readFields(given: Fields, table: ReadonlyMap<string, FieldKind>, path: string, problems: Problem[]): Fields {
  const changed: [string, unknown][] = [];
  for (const name of Object.keys(given)) {
    if (isFull(problems)) break;
    const value = given[name];
    const read = readField(value, table.get(name), path, name, problems);
    if (!Object.is(read, value)) changed.push([name, read]);
  }
  // Not by assignment, which would take a field named `__proto__` for the prototype.
  return changed.length > 0 ? { ...given, ...(Object.fromEntries(changed) as Fields) } : given;
}

/** The table as a map: a record may have fields named like members of `Object.prototype`. */
export function toFieldMap(table: FieldTable): ReadonlyMap<string, FieldKind> {
  return new Map(Object.entries(table));
}

function missing(value: unknown, path: string): Problem {
  return BtsbotError.problem("alert-invalid", "a field that every alert needs is missing", {
    path,
    expected: "a finite number",
    got: nameOf(value),
  });
}

function readField(
  value: unknown,
  kind: FieldKind | undefined,
  path: string,
  name: string,
  problems: Problem[],
): unknown {
  if (value === null || value === undefined) return value;
  switch (kind) {
    case undefined:
      return typeof value === "object" ? fromExtendedJson(value, `${path}.${name}`) : value;
    case "double":
    case "float":
      return typeof value === "number" ? value : (readNumber(value) ?? refuse(value, kind, path, name, problems));
    case "int": {
      const number = typeof value === "number" ? value : readNumber(value);
      // NaN stands for no value in documents that went through a table of floats.
      return Number.isInteger(number) || Number.isNaN(number) ? number : refuse(value, kind, path, name, problems);
    }
    case "long":
      return typeof value === "bigint" ? value : readId(value, `${path}.${name}`, problems);
    case "string":
      return typeof value === "string" ? value : refuse(value, kind, path, name, problems);
    case "sign":
      return typeof value === "object" ? (readNumber(value) ?? refuse(value, kind, path, name, problems)) : value;
  }
}

/** Reads a 64-bit id; what is none becomes a problem. */
export function readId(value: unknown, path: string, problems: Problem[]): bigint | undefined {
  const long = readLong(value);
  if (typeof long === "bigint") return long;
  problems.push(
    long === UNSAFE
      ? BtsbotError.problem("integer-unsafe", "the id came as a JavaScript number above 2^53 and may be rounded", {
          path,
          expected: "all its digits",
          got: `${value}`,
          hint: "Give the JSON text to parseAlertJson, or the id as a string or a bigint.",
        })
      : BtsbotError.problem("alert-invalid", "the field is of the wrong type", {
          path,
          expected: EXPECTED.long,
          got: nameOf(value),
        }),
  );
  return undefined;
}

function refuse(value: unknown, kind: FieldKind, path: string, name: string, problems: Problem[]): undefined {
  problems.push(
    BtsbotError.problem("alert-invalid", "the field is of the wrong type", {
      path: `${path}.${name}`,
      expected: EXPECTED[kind],
      got: nameOf(value),
    }),
  );
  return undefined;
}

/** Whether enough is wrong with an alert. */
export function isFull(problems: readonly Problem[]): boolean {
  return problems.length >= MOST_PROBLEMS;
}

/** A value in a few words. */
export function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === "object" ? "an object" : `${typeof value} ${String(value)}`;
}
