import { BtsbotError, countOf, toBytes } from "@btsbot/errors";
import { decodeText } from "../json/decodeText.js";
import type { InputBounds } from "../inputs/readLimits.js";
import type { AvroSchema } from "./AvroSchema.js";
import { avroType } from "./avroType.js";
import type { SchemaRecord } from "./avroType.js";
import { readDatum } from "./readDatum.js";
import { Tap } from "./Tap.js";

/**
 * Decodes a bare datum: a message that is a record and nothing else, whose schema travels elsewhere, as in Fink's live
 * stream, where it is the message's key.
 *
 * @param given - the schema, or the bytes of its text
 * @throws BtsbotError if it does not fit the schema to its last byte
 */
export function readBare(bytes: Uint8Array, given: AvroSchema, bounds: InputBounds): SchemaRecord {
  const key = toBytes(given);
  if (key !== undefined && key.length > bounds.schemaBytes) {
    throw new BtsbotError("limit-exceeded", "the schema is longer than the limit", {
      path: "schema",
      expected: `at most ${countOf(bounds.schemaBytes, "byte")}`,
      got: countOf(key.length, "byte"),
      hint: "Raise `limits.schemaBytes` if the message is trusted.",
    });
  }
  const { read, node } = avroType(key === undefined ? given : decodeText(key, "schema"));
  const tap = new Tap(bytes, { describe: (at) => `byte ${at}`, mayLack: bounds.maxBlockBytes }, bounds);
  const record = readDatum(read, tap, bounds.values);
  const left = bytes.length - tap.pos;
  if (left > 0)
    tap.fail("avro-datum-invalid", "bytes are left after the message's record", { got: countOf(left, "byte") });
  return { record, node };
}
