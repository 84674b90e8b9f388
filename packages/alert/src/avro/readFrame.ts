import { BtsbotError, countOf } from "@btsbot/errors";
import { avroType } from "./avroType.js";
import type { SchemaRecord } from "./avroType.js";
import { readDatum } from "./readDatum.js";
import { Tap } from "./Tap.js";
import type { InputBounds } from "../inputs/readLimits.js";
import type { PreparedSurvey } from "../packet/prepareSurvey.js";
import type { SchemaSource } from "../types.js";
import type { AvroSchema } from "./AvroSchema.js";

/** The frame: a zero byte and the schema's id, big-endian. */
const FRAME_BYTES = 5;

/** The ids of Rubin's schemas 9.0 to 11.0, whose survey has to be given. */
const RUBIN_IDS: readonly number[] = [900, 1000, 1100];

/** Few registries count so far: what looks like such an id is more likely the beginning of a bare datum. */
const LARGEST_ID = 1 << 24;
const MAYBE_BARE =
  "no schema is known for this message; it may be a bare datum, as in Fink's live stream, where the message's key is the schema";

/**
 * Decodes the record of a Confluent-framed message.
 *
 * Rules: Confluent's "Wire format" of the Schema Registry serializers.
 */
export function readFrame(
  bytes: Uint8Array,
  schemas: SchemaSource | undefined,
  bounds: InputBounds,
  surveys: readonly PreparedSurvey[],
): SchemaRecord {
  const { maxBlockBytes: maxBytes } = bounds;
  if (bytes.length < FRAME_BYTES) {
    throw new BtsbotError("confluent-frame-invalid", "the message ends inside its frame", {
      expected: `${FRAME_BYTES} bytes`,
      got: `${bytes.length}`,
    });
  }
  if (bytes.length > maxBytes) {
    throw new BtsbotError("avro-length-invalid", "the framed message is longer than the limit", {
      expected: `at most ${countOf(maxBytes, "byte")}`,
      hint: "Raise `maxBlockBytes` if the message is trusted.",
    });
  }
  const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const type = avroType(findSchema(schemas, id, surveys));
  const tap = new Tap(bytes, { describe: (at) => `byte ${at}`, mayLack: maxBytes }, bounds);
  tap.pos = FRAME_BYTES;
  const record = readDatum(type.read, tap, bounds.values);
  const left = bytes.length - tap.pos;
  if (left > 0)
    tap.fail("avro-datum-invalid", "bytes are left after the message's record", {
      got: countOf(left, "byte"),
    });
  return { record, node: type.node };
}

/** What the caller gives goes first: a registry may know better than a survey as it was when this was written. */
function findSchema(schemas: SchemaSource | undefined, id: number, surveys: readonly PreparedSurvey[]): AvroSchema {
  const given: AvroSchema | undefined =
    typeof schemas === "function"
      ? (schemas as (id: number) => AvroSchema | undefined)(id)
      : schemas instanceof Map
        ? (schemas as ReadonlyMap<number, AvroSchema>).get(id)
        : schemas;
  if (given !== undefined) return given;
  for (const survey of surveys) {
    const schema = survey.schemas?.(id);
    if (schema !== undefined) return schema;
  }
  throw new BtsbotError(
    "confluent-schema-unknown",
    id > LARGEST_ID ? MAYBE_BARE : "no schema is known for this message",
    {
      path: "byte 1",
      got: `id ${id}`,
      hint: RUBIN_IDS.includes(id)
        ? "Rubin's alerts have this id: give `surveys: [LSST]`, or their schemas as `schemas`."
        : id > LARGEST_ID
          ? "Give `key`, the message's; or `schemas`, if it is framed."
          : "Give `schemas`: one schema, or a map or a function from the id.",
    },
  );
}
