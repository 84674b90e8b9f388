import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { AvroNode, RecordNode } from "./parseSchema.js";
import type { ByteSink } from "./ByteSink.js";

const MAX_INT = 2 ** 31 - 1;
const MAX_LONG = 2n ** 63n - 1n;

/**
 * Writes one value by its type. What does not fit is added to `problems`, and the writing goes on so
 * that all of it is found; the bytes are good only if there is none.
 */
export function writeValue(node: AvroNode, value: unknown, sink: ByteSink, path: string, problems: Problem[]): void {
  if (node.kind === "union") return writeUnion(node.branches, value, sink, path, problems);
  if (!fits(node, value)) {
    const absent = value === undefined || value === null;
    problems.push(
      BtsbotError.problem(
        "encode-invalid",
        absent ? "the schema needs a value here" : "the value does not fit the schema",
        {
          path,
          expected: describe(node),
          got: absent ? String(value) : typeof value,
        },
      ),
    );
    return;
  }
  switch (node.kind) {
    case "null":
      return;
    case "boolean":
      return sink.writeByte(value ? 1 : 0);
    case "int":
    case "long":
      return sink.writeLong(value as bigint | number);
    case "float":
      return sink.writeFloat(value as number);
    case "double":
      return sink.writeDouble(value as number);
    case "bytes":
      return sink.writeBytes(value as Uint8Array);
    case "fixed":
      return sink.writeFixed(value as Uint8Array);
    case "string":
      return sink.writeString(value as string);
    case "enum":
      return sink.writeLong(node.symbols.indexOf(value as string));
    case "array":
      return writeArray(node.items, value as readonly unknown[], sink, path, problems);
    case "map":
      return writeMap(node.values, value as object, sink, path, problems);
    case "record":
      return writeRecord(node, value as Record<string, unknown>, sink, path, problems);
  }
}

function writeRecord(
  node: RecordNode,
  value: Readonly<Record<string, unknown>>,
  sink: ByteSink,
  path: string,
  problems: Problem[],
): void {
  const prefix = path === "" ? "" : `${path}.`;
  for (const { name, type } of node.fields) {
    // A field may be named like a member of `Object.prototype`.
    writeValue(type, Object.hasOwn(value, name) ? value[name] : undefined, sink, prefix + name, problems);
  }
  for (const [name, entry] of Object.entries(value)) {
    if (entry === undefined || node.fields.some((field) => field.name === name)) continue;
    problems.push(BtsbotError.problem("encode-invalid", "the schema has no such field", { path: prefix + name }));
  }
}

function writeUnion(
  branches: readonly AvroNode[],
  value: unknown,
  sink: ByteSink,
  path: string,
  problems: Problem[],
): void {
  // What is absent is written as null where the schema lets it, and so is NaN where it asks for an integer.
  const absent = value === undefined || (Number.isNaN(value) && isIntegerOnly(branches));
  const given = absent ? null : value;
  const fitting = branches.filter((branch) => fits(branch, given));
  const best = fitting.find((branch) => branch.kind !== "record" || covers(branch, given as object)) ?? fitting[0];
  if (best === undefined) {
    problems.push(
      BtsbotError.problem("encode-invalid", "the value fits no branch of the schema's union", {
        path,
        expected: branches.map(describe).join(" or "),
        got: value === undefined ? "nothing" : typeof value,
      }),
    );
    return;
  }
  sink.writeLong(branches.indexOf(best));
  writeValue(best, given, sink, path, problems);
}

function writeArray(
  items: AvroNode,
  value: readonly unknown[],
  sink: ByteSink,
  path: string,
  problems: Problem[],
): void {
  if (value.length > 0) sink.writeLong(value.length);
  for (const [i, item] of value.entries()) writeValue(items, item, sink, `${path}[${i}]`, problems);
  sink.writeLong(0);
}

function writeMap(values: AvroNode, value: object, sink: ByteSink, path: string, problems: Problem[]): void {
  const entries = Object.entries(value);
  if (entries.length > 0) sink.writeLong(entries.length);
  for (const [key, entry] of entries) {
    sink.writeString(key);
    writeValue(values, entry, sink, `${path}.${key}`, problems);
  }
  sink.writeLong(0);
}

/** Whether the numbers of a union are 32-bit integers. */
function isIntegerOnly(branches: readonly AvroNode[]): boolean {
  return (
    branches.some(({ kind }) => kind === "int") && !branches.some(({ kind }) => kind === "float" || kind === "double")
  );
}

/** Whether a value is of a type, without a look at its parts. */
function fits(node: AvroNode, value: unknown): boolean {
  switch (node.kind) {
    case "null":
      return value === null;
    case "boolean":
      return typeof value === "boolean";
    case "int":
      // -0 would lose its sign.
      return (
        Number.isInteger(value) &&
        (value as number) >= -MAX_INT - 1 &&
        (value as number) <= MAX_INT &&
        !Object.is(value, -0)
      );
    case "long":
      return typeof value === "bigint" ? value >= -MAX_LONG - 1n && value <= MAX_LONG : Number.isSafeInteger(value);
    case "float":
    case "double":
      return typeof value === "number";
    case "bytes":
      return ArrayBuffer.isView(value);
    case "fixed":
      return ArrayBuffer.isView(value) && value.byteLength === node.size;
    case "string":
      return typeof value === "string";
    case "enum":
      return typeof value === "string" && node.symbols.includes(value);
    case "array":
      return Array.isArray(value);
    case "map":
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
    case "union":
      return false;
  }
}

function covers(node: RecordNode, value: object): boolean {
  return Object.keys(value).every((name) => node.fields.some((field) => field.name === name));
}

function describe(node: AvroNode): string {
  return "name" in node ? `${node.kind} ${node.name}` : node.kind;
}
