import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import avro from "avsc";
import { writeFrame } from "./confluentFrame.js";
import type { EntryEncoder } from "./createKafkaSink.js";
import type { SchemaRegistry } from "./createSchemaRegistry.js";
import { ENRICHED_SCHEMA } from "./enrichedSchema.js";
import type { EnrichedAlert } from "./toEnriched.js";

/** How enriched alerts are written. */
export interface EnrichedEncoderOptions {
  /** Where the schema is registered; without one, messages are bare datums. */
  readonly registry?: SchemaRegistry;
  /** The subject under which it is: by convention the topic's name and `-value`. Needed with a registry. */
  readonly subject?: string;
}

/** The names of {@link EnrichedEncoderOptions}. */
const ENRICHED_ENCODER_OPTIONS: OptionNames<EnrichedEncoderOptions> = { registry: "object", subject: "string" };

/** 64-bit integers as bigints: an id in a double is another one. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer(value: bigint) {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(value);
    return buffer;
  },
  fromJSON: (value: string | number) => BigInt(value),
  toJSON: String,
  isValid: (value: unknown) => typeof value === "bigint",
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/**
 * Makes what writes enriched alerts as Avro, by `ENRICHED_SCHEMA`: in Confluent's frame where there is a registry, as
 * bare datums else. The source's name is the message's key.
 *
 * @param options - where the schema is registered
 * @returns the encoder, for a sink of the kind `alert`; it throws `registry-unreachable`
 *
 * @example
 * ```ts
 * import { createEnrichedEncoder } from "@btsbot/stream";
 *
 * typeof createEnrichedEncoder(); // => "function"
 * ```
 */
export function createEnrichedEncoder(options: EnrichedEncoderOptions = {}): EntryEncoder {
  checkOptions("createEnrichedEncoder", options, ENRICHED_ENCODER_OPTIONS);
  const { registry, subject = "btsbot.EnrichedAlert" } = options;
  const type = avro.Type.forSchema(ENRICHED_SCHEMA as avro.Schema, { registry: { long: LONG }, wrapUnions: false });
  return async ({ kind, key, objectId, body }) => {
    const enriched = body as unknown as EnrichedAlert;
    const datum = type.toBuffer({ ...enriched, candid: BigInt(enriched.candid) });
    const id = await registry?.register(subject, ENRICHED_SCHEMA);
    const value = id === undefined ? new Uint8Array(datum) : writeFrame(id, datum);
    return { key: objectId, value, headers: { kind, key } };
  };
}
