import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import { crc32Final, crc32Init, crc32Update } from "@foxglove/crc";
import { avroType } from "./avro/avroType.js";
import type { AvroType } from "./avro/avroType.js";
import { AVRO_CODECS, packBlock } from "./avro/blockCodec.js";
import { AVRO_MAGIC, SYNC_BYTES } from "./avro/readContainer.js";
import { ByteSink } from "./avro/ByteSink.js";
import { writeValue } from "./avro/writeValue.js";
import { toDocument } from "./packet/toDocument.js";
import { checkSurvey } from "./packet/toForms.js";
import type { PacketFields, Survey } from "./surveys/Survey.js";
import { ZTF } from "./surveys/ztf/ztf.js";
import { ENCODE_OPTIONS } from "./types.js";
import type { Alert, AvroCodec, EncodeOptions } from "./types.js";

/** A block ends with the record that takes it to this many bytes: one packet with stamps. */
const BLOCK_BYTES = 65_536;

/**
 * Writes alerts as an Avro object container that any Avro library reads.
 *
 * The same alerts and options give the same bytes: there is no clock and no chance in them. With the
 * schema that an alert was read with ({@link schemaOf}), what is written and read again is equal. A
 * field that an alert does not have is written as null, and so is NaN in a field of integers where
 * the schema has null; single-precision fields are rounded to
 * that, as in the survey's packets.
 *
 * @param alerts - the alerts, in order
 * @param options - survey, schema, codec and sync marker
 * @returns the file's bytes
 * @throws BtsbotError `encode-invalid` with every field that the schema lacks, needs or has with
 * another type; `avro-schema-invalid`; `avro-codec-unknown`
 *
 * @example
 * ```ts
 * import { encodeAlerts, parseAlert } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts(
 *   [{ objectId: "ZTF20aajcdad", candid: 1127495406315015005n, candidate: { jd: 2458881.0, fid: 1, magpsf: 18.25 } }],
 *   { codec: "deflate" },
 * );
 * parseAlert(bytes).candidate.magpsf; // => 18.25
 * ```
 */
export function encodeAlerts(alerts: Iterable<Alert>, options: EncodeOptions = {}): Uint8Array {
  checkOptions("encodeAlerts", options, ENCODE_OPTIONS);
  checkArgument("encodeAlerts", "alerts", alerts, "iterable");
  const { survey = ZTF, codec = "null" } = options;
  checkSurvey(survey);
  const { schema = survey.schema } = options;
  if (!AVRO_CODECS.includes(codec)) {
    throw new BtsbotError("avro-codec-unknown", "there is no such codec", {
      path: "codec",
      expected: AVRO_CODECS.join(", "),
      got: codec,
    });
  }
  const text = typeof schema === "string" ? schema : JSON.stringify(schema);
  const blocks = packBlocks(alerts, survey, avroType(text), codec);
  const sync = options.sync ?? deriveSync(text, blocks);
  if (sync.length !== SYNC_BYTES) {
    throw new BtsbotError("encode-invalid", "the sync marker has the wrong length", {
      path: "sync",
      expected: `${SYNC_BYTES} bytes`,
      got: `${sync.length}`,
    });
  }
  const file = new ByteSink();
  file.writeFixed(Uint8Array.from(AVRO_MAGIC));
  const utf8 = new TextEncoder();
  const metadata: [string, string][] = [
    ["avro.schema", text],
    ["avro.codec", codec],
  ];
  file.writeLong(metadata.length);
  for (const [key, value] of metadata) {
    file.writeString(key);
    file.writeBytes(utf8.encode(value));
  }
  file.writeLong(0);
  file.writeFixed(sync);
  for (const { count, bytes } of blocks) {
    file.writeLong(count);
    file.writeBytes(bytes);
    file.writeFixed(sync);
  }
  return file.toBytes();
}

interface Block {
  readonly count: number;
  readonly bytes: Uint8Array;
}

function packBlocks(alerts: Iterable<Alert>, survey: Survey, type: AvroType, codec: AvroCodec): Block[] {
  const blocks: Block[] = [];
  const problems: Problem[] = [];
  let [sink, count, index] = [new ByteSink(), 0, 0];
  for (const alert of alerts) {
    const found: Problem[] = [];
    writeValue(type.node, documentFor(type, survey, alert), sink, "", found);
    for (const problem of found) problems.push(ofRecord(problem, index));
    count += 1;
    index += 1;
    if (sink.length >= BLOCK_BYTES) {
      blocks.push({ count, bytes: packBlock(codec, sink.toBytes()) });
      [sink, count] = [new ByteSink(), 0];
    }
  }
  if (problems.length > 0) throw new BtsbotError(problems);
  if (count > 0) blocks.push({ count, bytes: packBlock(codec, sink.toBytes()) });
  return blocks;
}

/** The alert's packet: without what was said of the form that it was read from, and without an id at the top that the schema has in `candidate` only. */
function documentFor({ node }: AvroType, { toPacket }: Survey, { form: _, ...alert }: Alert): PacketFields {
  if (toPacket !== undefined) return toPacket(toDocument(alert));
  const { candid, ...document } = toDocument(alert);
  const atTop = node.kind !== "record" || node.fields.some(({ name }) => name === "candid");
  return atTop || alert.candidate.candid !== candid ? { ...document, candid } : document;
}

function ofRecord(problem: Problem, index: number): Problem {
  const path = `[${index}]${problem.path ? `.${problem.path}` : ""}`;
  const { message } = problem;
  return { ...problem, path, message: path + message.slice(problem.path?.length ?? 0) };
}

/** 16 bytes that follow from the content: chance would make two writings of the same alerts differ. */
function deriveSync(schema: string, blocks: readonly Block[]): Uint8Array {
  const sync = new Uint8Array(SYNC_BYTES);
  const view = new DataView(sync.buffer);
  let crc = crc32Update(crc32Init(), new TextEncoder().encode(schema));
  for (let at = 0; at < SYNC_BYTES; at += 4) {
    for (const { bytes } of blocks) crc = crc32Update(crc, bytes);
    // A step more, for a file without records.
    crc = crc32Update(crc, Uint8Array.of(at));
    view.setUint32(at, crc32Final(crc));
  }
  return sync;
}
