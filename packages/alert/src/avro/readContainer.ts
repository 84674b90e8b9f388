import { BtsbotError, countOf } from "@btsbot/errors";
import type { AvroType, SchemaRecord } from "./avroType.js";
import { avroType } from "./avroType.js";
import type { Budget } from "../inputs/Budget.js";
import { READ_LIMITS, type InputBounds } from "../inputs/readLimits.js";
import type { AvroCodec } from "../types.js";
import { AVRO_CODECS, unpackBlock } from "./blockCodec.js";
import type { ByteWindow } from "./ByteWindow.js";
import { compileReader } from "./compileReader.js";
import type { Reader } from "./compileReader.js";
import { readDatum } from "./readDatum.js";
import { Tap } from "./Tap.js";

/** First bytes of an Avro object container file. */
export const AVRO_MAGIC: readonly number[] = [0x4f, 0x62, 0x6a, 0x01];

/** Length of the marker between blocks, bytes. */
export const SYNC_BYTES = 16;

/** A count and a length take at most this many bytes before a block. */
const BLOCK_HEAD_BYTES = 20;

/**
 * A head up to this length, bytes, is tried whenever more of it has come: a stream may pause behind it. That of the survey has
 * 15 kB. A longer one is tried when twice as much has come, so that no input takes the square of its length.
 */
const PATIENT_HEAD_BYTES = 1 << 16;

/** Letters of a codec's name that an error shows. */
const MOST_LETTERS = 40;

/** One step of {@link readContainer}: a record, or the wish for more bytes. */
export type ContainerStep = SchemaRecord | typeof NEED_BYTES;

/** Asks whoever drives the reading to append bytes to the window, or to say that there are no more. */
export const NEED_BYTES = Symbol("need bytes");

/** What the head of a container says. */
export interface ContainerHead {
  readonly schema: string;
  readonly codec: AvroCodec;
  readonly sync: Uint8Array;
}

const readMetadata = compileReader({ kind: "map", values: { kind: "bytes" } });

/**
 * Reads an Avro object container record by record, holding one block. Where it ends, another may follow:
 * files are put together with `cat`.
 *
 * The steps know nothing of where bytes come from, so that a file in memory and a stream are read by
 * the same code.
 *
 * Rules: Avro 1.11 specification, "Object Container Files".
 */
export function* readContainer(window: ByteWindow, budget: Budget): Generator<ContainerStep, void, void> {
  do {
    const start = window.position;
    const head = yield* readHead(window, budget.bounds);
    budget.earn(window.position - start);
    const type = avroType(head.schema);
    while ((yield* fill(window, 1)) && !(yield* isMagic(window))) yield* readBlock(window, head, type, budget);
  } while (yield* fill(window, 1));
}

/** Whether a container begins here. No block does so: its count would be negative. */
function* isMagic(window: ByteWindow): Generator<typeof NEED_BYTES, boolean, void> {
  if (window.peek(1)[0] !== AVRO_MAGIC[0]) return false;
  yield* fill(window, AVRO_MAGIC.length);
  // A container cut inside its magic is a container that was cut.
  return window.peek(AVRO_MAGIC.length).every((byte, i) => byte === AVRO_MAGIC[i]);
}

/**
 * Lets go of bytes as far as the next container; false if none begins. A container that is damaged takes those behind it
 * along no further.
 */
export function* findContainer(window: ByteWindow): Generator<typeof NEED_BYTES, boolean, void> {
  while (yield* fill(window, AVRO_MAGIC.length)) {
    const bytes = window.peek();
    let at = bytes.indexOf(AVRO_MAGIC[0]);
    while (at >= 0 && !AVRO_MAGIC.every((byte, place) => at + place >= bytes.length || bytes[at + place] === byte))
      at = bytes.indexOf(AVRO_MAGIC[0], at + 1);
    window.take(at < 0 ? bytes.length : at);
    if (at >= 0 && at + AVRO_MAGIC.length <= bytes.length) return true;
  }
  return false;
}

/** Reads what stands before the first block. */
export function* readHead(
  window: ByteWindow,
  { maxBlockBytes, schemaBytes }: InputBounds,
): Generator<typeof NEED_BYTES, ContainerHead, void> {
  const start = window.position;
  const limits = { ...READ_LIMITS, bytes: Math.max(READ_LIMITS.bytes, 2 * schemaBytes) };
  for (;;) {
    const tap = new Tap(window.peek(), { describe: (at) => `byte ${start + at}`, mayLack: maxBlockBytes }, limits);
    try {
      tap.readFixed(AVRO_MAGIC.length);
      const metadata = readMetadata(tap) as Record<string, Uint8Array>;
      const sync = tap.readFixed(SYNC_BYTES);
      window.take(tap.pos);
      return { ...describeHead(metadata, schemaBytes), sync };
    } catch (error) {
      const short = error instanceof BtsbotError && error.code === "avro-truncated";
      if (!short || window.ended || window.length > maxBlockBytes) throw error;
    }
    yield* fill(window, (window.length < PATIENT_HEAD_BYTES ? window.length : 2 * window.length) + 1);
  }
}

function describeHead(metadata: Record<string, Uint8Array>, schemaBytes: number): Omit<ContainerHead, "sync"> {
  const utf8 = new TextDecoder();
  const codec = metadata["avro.codec"] === undefined ? "null" : utf8.decode(metadata["avro.codec"]);
  if (!AVRO_CODECS.includes(codec as AvroCodec)) {
    throw new BtsbotError("avro-codec-unknown", "the file is compressed with a codec that is not supported", {
      path: "avro.codec",
      expected: AVRO_CODECS.join(", "),
      got: JSON.stringify(codec.slice(0, MOST_LETTERS)),
    });
  }
  if (metadata["avro.schema"] === undefined) {
    throw new BtsbotError("avro-schema-invalid", "the file holds no schema", { path: "avro.schema" });
  }
  const { length } = metadata["avro.schema"];
  if (length > schemaBytes) {
    throw new BtsbotError("limit-exceeded", "the schema is longer than the limit", {
      path: "avro.schema",
      expected: `at most ${countOf(schemaBytes, "byte")}`,
      got: `${length}`,
      hint: "Raise `limits.schemaBytes` if the file is trusted.",
    });
  }
  return { codec: codec as AvroCodec, schema: utf8.decode(metadata["avro.schema"]) };
}

function* readBlock(
  window: ByteWindow,
  head: ContainerHead,
  type: AvroType,
  budget: Budget,
): Generator<ContainerStep, void, void> {
  const { maxBlockBytes } = budget.bounds;
  yield* fill(window, BLOCK_HEAD_BYTES);
  const start = window.position;
  const tap = new Tap(window.peek(BLOCK_HEAD_BYTES), { describe: (at) => `byte ${start + at}`, mayLack: 0 });
  const count = tap.readSize();
  if (count < 0) tap.fail("avro-length-invalid", "the block's count is negative", { got: `${count}`, at: 0 });
  const at = tap.pos;
  const size = tap.readSize();
  if (size < 0 || size > maxBlockBytes) {
    tap.fail("avro-length-invalid", "the block's length is negative or above the limit", {
      expected: `0 to ${countOf(maxBlockBytes, "byte")}`,
      got: `${size}`,
      at,
    });
  }
  window.take(tap.pos);
  const dataStart = window.position;
  if (!(yield* fill(window, size + SYNC_BYTES))) {
    throw new BtsbotError("avro-truncated", "the file ends inside a block", {
      path: `byte ${dataStart}`,
      expected: countOf(size + SYNC_BYTES, "byte"),
      got: `${window.length}`,
    });
  }
  // Not taken yet: a damaged length may reach over what follows.
  const block = window.peek(size + SYNC_BYTES);
  if (!endsWith(block, head.sync)) {
    throw new BtsbotError("avro-sync-mismatch", "the marker after the block is not the file's", {
      path: `byte ${dataStart + size}`,
    });
  }
  window.take(block.length);
  const place = `block at byte ${start}`;
  const data = unpackBlock(head.codec, block.subarray(0, size), (packed) => budget.unpackable(packed), place);
  if (head.codec !== "null") budget.unpack(size, data.length);
  budget.earn(size);
  const describe = (pos: number): string =>
    head.codec === "null" ? `byte ${dataStart + pos}` : `${place}, unpacked byte ${pos}`;
  yield* readRecords(new Tap(data, { describe, mayLack: 0 }, budget.bounds), count, type, budget);
}

function endsWith(block: Uint8Array, sync: Uint8Array): boolean {
  const start = block.length - SYNC_BYTES;
  for (let i = 0; i < SYNC_BYTES; i++) if (block[start + i] !== sync[i]) return false;
  return true;
}

function* readRecords(tap: Tap, count: number, type: AvroType, budget: Budget): Generator<ContainerStep, void, void> {
  const { length } = tap.bytes;
  tap.checkCount(count, type.minBytes, 0);
  const read: Reader = (from) => {
    // A record of no fields costs as well, or a block could hold any number.
    from.charge(1);
    return type.read(from);
  };
  for (let i = 0; i < count; i++) {
    const values = budget.valuesLeft;
    const record = readDatum(read, tap, values);
    budget.spend(values - tap.valuesLeft);
    yield { record, node: type.node };
  }
  const left = length - tap.pos;
  if (left > 0)
    tap.fail("avro-datum-invalid", "bytes are left in the block after its last record", {
      got: countOf(left, "byte"),
    });
}

/** Asks for bytes until `count` are in the window; false if the input ends before. */
export function* fill(window: ByteWindow, count: number): Generator<typeof NEED_BYTES, boolean, void> {
  while (window.length < count) {
    if (window.ended) return false;
    yield NEED_BYTES;
  }
  return true;
}
