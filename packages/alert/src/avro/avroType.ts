import type { AvroSchema } from "./AvroSchema.js";
import type { Reader } from "./compileReader.js";
import { compileReader, minBytes } from "./compileReader.js";
import type { AvroNode } from "./parseSchema.js";
import { parseSchema } from "./parseSchema.js";

/** A schema made ready to read and write by. */
export interface AvroType {
  readonly node: AvroNode;
  readonly read: Reader;
  /** The fewest bytes of a value. */
  readonly minBytes: number;
}

/** A value with the schema that it was read by. */
export interface SchemaRecord {
  readonly record: unknown;
  readonly node: AvroNode;
}

/** Schemas kept ready. The survey has had about ten versions; a stream carries one or two at a time. */
const KEPT = 32;

/**
 * Characters of all texts that are kept: the survey's have 12 to 26 thousand, Rubin's 41, and hostile files may
 * bring their own, which take a hundred bytes for each.
 */
const MAX_KEPT_TEXT = 300_000;

// Making a type takes ten times as long as reading an alert by it, and every packet brings its schema along.
// In the order of use, the one that rested longest first.
const types = new Map<string, AvroType>();
let keptText = 0;

// The text of a schema takes longer to write than a message by it to read.
const typesOfObjects = new WeakMap<object, AvroType>();

/** The type of a schema, made once for each text and each object. */
export function avroType(schema: AvroSchema): AvroType {
  if (typeof schema === "string") return typeOfText(schema);
  let type = typesOfObjects.get(schema);
  if (type === undefined) {
    type = typeOfText(JSON.stringify(schema));
    typesOfObjects.set(schema, type);
  }
  return type;
}

function typeOfText(text: string): AvroType {
  const known = types.get(text);
  const type = known ?? makeType(text);
  if (known !== undefined) types.delete(text);
  else if (text.length <= MAX_KEPT_TEXT) keptText += text.length;
  else return type;
  types.set(text, type);
  while (types.size > KEPT || keptText > MAX_KEPT_TEXT) {
    const oldest = types.keys().next().value as string;
    types.delete(oldest);
    keptText -= oldest.length;
  }
  return type;
}

function makeType(text: string): AvroType {
  const node = parseSchema(text);
  const sizes = new Map<AvroNode, number>();
  return { node, read: compileReader(node, { readers: new Map(), sizes }), minBytes: minBytes(node, sizes) };
}
