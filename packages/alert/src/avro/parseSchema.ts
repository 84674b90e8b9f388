import { BtsbotError } from "@btsbot/errors";
import { MAX_DEPTH } from "../inputs/maxDepth.js";
import type { AvroSchema } from "./AvroSchema.js";

/** Types without parts. */
export type Primitive = "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string";

/** A schema with every name resolved: what readers and writers are made from. */
export type AvroNode =
  | { readonly kind: Primitive }
  | RecordNode
  | { readonly kind: "enum"; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: "array"; readonly items: AvroNode }
  | { readonly kind: "map"; readonly values: AvroNode }
  | { readonly kind: "union"; readonly branches: readonly AvroNode[] }
  | { readonly kind: "fixed"; readonly name: string; readonly size: number };

export interface RecordNode {
  readonly kind: "record";
  readonly name: string;
  /** Filled after the node is made: a record may hold itself. */
  readonly fields: { readonly name: string; readonly type: AvroNode }[];
}

const PRIMITIVES: ReadonlySet<string> = new Set<Primitive>([
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
]);

/** Letters of a name that an error shows. */
const MOST_LETTERS = 100;

/** What is known at one place of a schema: the names so far, the namespace around, the place. */
interface Context {
  readonly names: Map<string, AvroNode>;
  readonly namespace: string;
  readonly place: SchemaPlace;
  readonly depth: number;
}

/** A place of a schema: its last step, and the place around. A text for every node would be most of the work. */
interface SchemaPlace {
  readonly step: string | number;
  readonly parent?: SchemaPlace;
}

/**
 * Resolves an Avro schema. Defaults are not looked at: reading needs none, and those of the survey's
 * unions do not fit their first branch. Logical types are their base.
 *
 * Rules: Avro 1.11 specification, "Schema Declaration" and "Names".
 */
export function parseSchema(schema: AvroSchema): AvroNode {
  let json: unknown = schema;
  if (typeof schema === "string") {
    try {
      json = JSON.parse(schema);
    } catch (cause) {
      // A bare name, such as `long`, is a schema too.
      if (PRIMITIVES.has(schema)) return { kind: schema as Primitive };
      throw new BtsbotError("avro-schema-invalid", "the schema is not JSON", { path: "schema", cause });
    }
  }
  return resolve(json, { names: new Map(), namespace: "", place: { step: "schema" }, depth: 0 });
}

function resolve(schema: unknown, context: Context): AvroNode {
  if (context.depth > MAX_DEPTH) invalid(context, "the schema nests too deeply", `at most ${MAX_DEPTH} levels`);
  if (typeof schema === "string") return resolveName(schema, context);
  if (Array.isArray(schema)) {
    return { kind: "union", branches: schema.map((branch, i) => resolve(branch, within(context, i))) };
  }
  if (typeof schema !== "object" || schema === null)
    invalid(context, "this is not a schema", "a name, an array or an object");
  const { type } = schema as { type?: unknown };
  switch (type) {
    case "record":
    case "error":
      return resolveRecord(schema as SchemaObject, context);
    case "enum":
      return resolveEnum(schema as SchemaObject, context);
    case "fixed":
      return resolveFixed(schema as SchemaObject, context);
    case "array":
      return { kind: "array", items: resolve((schema as SchemaObject).items, within(context, ".items")) };
    case "map":
      return { kind: "map", values: resolve((schema as SchemaObject).values, within(context, ".values")) };
    default:
      return resolve(type, within(context, ".type"));
  }
}

type SchemaObject = Readonly<
  Record<"name" | "namespace" | "fields" | "symbols" | "size" | "items" | "values", unknown>
>;

function resolveName(name: string, context: Context): AvroNode {
  if (PRIMITIVES.has(name)) return { kind: name as Primitive };
  const node = context.names.get(fullName(name, context.namespace)) ?? context.names.get(name);
  return node ?? invalid(context, "the schema names a type that it has not defined", undefined, name);
}

function resolveRecord(schema: SchemaObject, context: Context): AvroNode {
  if (!Array.isArray(schema.fields)) invalid(context, "the record has no fields", "an array `fields`");
  const node: RecordNode = { kind: "record", name: define(schema, context), fields: [] };
  context.names.set(node.name, node);
  const namespace = node.name.slice(0, Math.max(0, node.name.lastIndexOf(".")));
  for (const [i, field] of (schema.fields as { name?: unknown; type?: unknown }[]).entries()) {
    const here = within(within({ ...context, namespace, depth: context.depth - 1 }, ".fields"), i);
    // A name can come twice, as WINTER's schema has one: the last value counts, as with fastavro.
    if (typeof field?.name !== "string") invalid(here, "the field has no name");
    node.fields.push({ name: field.name, type: resolve(field.type, within(here, ".type")) });
  }
  return node;
}

function resolveEnum(schema: SchemaObject, context: Context): AvroNode {
  const { symbols } = schema;
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === "string")) {
    invalid(context, "the enum has no symbols", "an array of names");
  }
  const node: AvroNode = { kind: "enum", name: define(schema, context), symbols };
  context.names.set(node.name, node);
  return node;
}

function resolveFixed(schema: SchemaObject, context: Context): AvroNode {
  const { size } = schema;
  if (!Number.isSafeInteger(size) || (size as number) < 0)
    invalid(context, "the fixed has no size", "an integer, 0 or more");
  const node: AvroNode = { kind: "fixed", name: define(schema, context), size: size as number };
  context.names.set(node.name, node);
  return node;
}

/** The full name of a type that is being defined. */
function define({ name, namespace }: SchemaObject, context: Context): string {
  if (typeof name !== "string" || name === "") invalid(context, "the type has no name");
  const full = fullName(name, typeof namespace === "string" ? namespace : context.namespace);
  return context.names.has(full) ? invalid(context, "the schema defines a name twice", undefined, full) : full;
}

function fullName(name: string, namespace: string): string {
  return name.includes(".") || namespace === "" ? name : `${namespace}.${name}`;
}

function within({ names, namespace, place, depth }: Context, step: string | number): Context {
  return { names, namespace, place: { step, parent: place }, depth: depth + 1 };
}

function pathOf({ step, parent }: SchemaPlace): string {
  const last = typeof step === "number" ? `[${step}]` : step;
  return parent === undefined ? last : pathOf(parent) + last;
}

function invalid({ place }: Context, summary: string, expected?: string, got?: string): never {
  throw new BtsbotError("avro-schema-invalid", summary, {
    path: pathOf(place),
    ...(expected && { expected }),
    ...(got && { got: got.slice(0, MOST_LETTERS) }),
  });
}
