import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { fromExtendedJson } from "../json/extendedJson.js";
import type { FieldKind, PacketFields } from "../surveys/Survey.js";
import { readLong, UNSAFE } from "../json/readLong.js";
import { readNumber } from "../json/readNumber.js";
import type { PreparedRecord } from "./prepareSurvey.js";
import { isFull, missing, wrong } from "./problems.js";

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
  given: PacketFields,
  { kinds, required }: PreparedRecord,
  path: string,
  problems: Problem[],
  inForm: boolean,
): PacketFields {
  const result = inForm ? given : readFields(given, kinds, path, problems);
  for (const name of required) {
    // What is there and is not a number at all has been refused already.
    const refused = result[name] === undefined && given[name] != null;
    if (!refused && !Number.isFinite(result[name]))
      problems.push(missing(`${path}.${name}`, "a finite number", given[name]));
  }
  return result;
}

function readFields(
  given: PacketFields,
  kinds: PreparedRecord["kinds"],
  path: string,
  problems: Problem[],
): PacketFields {
  const changed: [string, unknown][] = [];
  for (const name of Object.keys(given)) {
    if (isFull(problems)) break;
    const value = given[name];
    const read = readField(value, kinds.get(name), path, name, problems);
    if (!Object.is(read, value)) changed.push([name, read]);
  }
  // Not by assignment, which would take a field named `__proto__` for the prototype.
  return changed.length > 0 ? { ...given, ...(Object.fromEntries(changed) as PacketFields) } : given;
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

/** Reads a 64-bit id; what is not one becomes a problem. */
export function readId(value: unknown, path: string, problems: Problem[]): bigint | undefined {
  const long = readLong(value);
  if (typeof long === "bigint") return long;
  problems.push(
    long === UNSAFE
      ? BtsbotError.problem("integer-unsafe", "the id came as a JavaScript number above 2^53 and may be rounded", {
          path,
          expected: "all its digits",
          got: `${value as number}`,
          hint: "Give the JSON text to parseAlertJson, or the id as a string or a bigint.",
        })
      : wrong(path, EXPECTED.long, value),
  );
  return undefined;
}

function refuse(value: unknown, kind: FieldKind, path: string, name: string, problems: Problem[]): undefined {
  problems.push(wrong(`${path}.${name}`, EXPECTED[kind], value));
  return undefined;
}
