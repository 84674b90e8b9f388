import type { AvroSchema } from "../types.js";
import type { Reader } from "./compileReader.js";
import { compileReader, minBytes } from "./compileReader.js";
import type { Node } from "./parseSchema.js";
import { parseSchema } from "./parseSchema.js";

/** A schema made ready to read and write by. */
export interface AvroType {
  readonly node: Node;
  readonly read: Reader;
  /** The fewest bytes of a value. */
  readonly minBytes: number;
}

/** Schemas kept ready. The survey has had about ten versions; a stream carries one or two at a time. */
const KEPT = 32;

// Making a type takes ten times as long as reading an alert by it, and every packet brings its schema along.
const types = new Map<string, AvroType>();

/** The type of a schema, made once for each text. */
export function avroType(schema: AvroSchema): AvroType {
  const text = typeof schema === "string" ? schema : JSON.stringify(schema);
  let type = types.get(text);
  if (type === undefined) {
    const node = parseSchema(text);
    type = { node, read: compileReader(node), minBytes: minBytes(node) };
    if (types.size >= KEPT) types.delete(types.keys().next().value as string);
    types.set(text, type);
  }
  return type;
}
