import { BtsbotError, countOf } from "@btsbot/errors";
import { maskedCrc32c } from "./crc32c.js";

/** Bytes of the footer: two block handles, padded, and the magic number. */
const FOOTER_LENGTH = 48;
/** The last eight bytes of a table, little-endian. */
const MAGIC = 0xdb4775248b80fb57n;
/** After each block: one byte that names its compression, four of checksum. */
const TRAILER_LENGTH = 5;
const UNCOMPRESSED = 0;
/** Keys of a table, and bytes of all of them: TensorFlow's largest networks have some thousand of 100 bytes. */
const MAX_ENTRIES = 10_000;
const MAX_KEY_BYTES = 2 ** 22;

/** One key of a table with its value. */
interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Reads a sorted table of LevelDB's format: blocks of entries whose keys share prefixes, an index block
 * that says where they are, a footer that says where the index is. Every block's checksum is verified.
 *
 * TensorFlow writes these tables without compression (tensor_bundle.cc, TableBuilderOptions), only
 * release 1.1 did not: a compressed block is an error that says so.
 *
 * Source: leveldb/doc/table_format.md; tensorflow/core/lib/io/format.cc.
 *
 * @throws BtsbotError `checkpoint-invalid`, `checkpoint-crc`
 *
 * @internal
 */
export function readTable(bytes: Uint8Array): Map<string, Uint8Array> {
  if (bytes.length < FOOTER_LENGTH) {
    throw invalid("too short for a table", `at least ${FOOTER_LENGTH} bytes`, countOf(bytes.length, "byte"));
  }
  const footer = bytes.subarray(bytes.length - FOOTER_LENGTH);
  const magic = new DataView(footer.buffer, footer.byteOffset + FOOTER_LENGTH - 8, 8).getBigUint64(0, true);
  if (magic !== MAGIC) {
    throw invalid("the footer is not a table's: no checkpoint index, or cut short", hex(MAGIC), hex(magic));
  }
  const cursor = new Cursor(footer);
  // The metaindex names filters, of which TensorFlow writes none.
  readHandle(cursor);
  const index = readBlock(bytes, readHandle(cursor));
  const decoder = new TextDecoder();
  const table = new Map<string, Uint8Array>();
  const budget: KeyBudget = { entries: MAX_ENTRIES, keyBytes: MAX_KEY_BYTES };
  let end = 0;
  for (const { value } of index) {
    const handle = readHandle(new Cursor(value));
    // Keys are in order, and so are their blocks: one that is named again would unpack to any amount.
    if (handle.offset < end)
      throw invalid("a block lies before the one that it follows", `from ${end}`, String(handle.offset));
    end = handle.offset + handle.size;
    for (const entry of readBlock(bytes, handle, budget)) table.set(decoder.decode(entry.key), entry.value);
  }
  return table;
}

/** Where a block is. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

function readHandle(cursor: Cursor): Handle {
  return { offset: cursor.varint(), size: cursor.varint() };
}

/** What the keys of a table may still take: they share prefixes, and a block of 60 kB can spell out 100 MB. */
interface KeyBudget {
  entries: number;
  keyBytes: number;
}

function readBlock(
  bytes: Uint8Array,
  { offset, size }: Handle,
  budget: KeyBudget = { entries: MAX_ENTRIES, keyBytes: MAX_KEY_BYTES },
): Entry[] {
  const end = offset + size + TRAILER_LENGTH;
  if (end > bytes.length - FOOTER_LENGTH) {
    throw invalid("a block lies outside the table", `at most ${bytes.length - FOOTER_LENGTH}`, `an end at ${end}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [expected, got] = [
    view.getUint32(offset + size + 1, true),
    maskedCrc32c(bytes.subarray(offset, offset + size + 1)),
  ];
  if (expected !== got) {
    throw new BtsbotError("checkpoint-crc", "a block's checksum does not match its bytes", {
      path: `index[${offset}]`,
      expected: hex(expected),
      got: hex(got),
    });
  }
  if (bytes[offset + size] !== UNCOMPRESSED) {
    throw invalid(
      "a block is compressed, as TensorFlow 1.1 alone wrote them",
      "compression 0",
      String(bytes[offset + size]),
    );
  }
  return readEntries(bytes.subarray(offset, offset + size), budget);
}

/** A block ends with the offsets of the keys that are written in full, and their number; reading in order needs neither. */
function readEntries(block: Uint8Array, budget: KeyBudget): Entry[] {
  const restarts =
    block.length < 4 ? -1 : new DataView(block.buffer, block.byteOffset + block.length - 4, 4).getUint32(0, true);
  const end = block.length - 4 * (restarts + 1);
  if (restarts < 0 || end < 0) throw invalid("a block is too short for its restart points");
  const entries: Entry[] = [];
  const cursor = new Cursor(block.subarray(0, end));
  let key = new Uint8Array(0);
  while (!cursor.done) {
    const [shared, added, length] = [cursor.varint(), cursor.varint(), cursor.varint()];
    if (shared > key.length) throw invalid("a key shares more bytes than the key before it has");
    budget.entries -= 1;
    budget.keyBytes -= shared + added;
    if (budget.entries < 0 || budget.keyBytes < 0) {
      throw invalid("it has more keys than the limit", `at most ${MAX_ENTRIES}, of ${MAX_KEY_BYTES} bytes in all`);
    }
    const next = new Uint8Array(shared + added);
    next.set(key.subarray(0, shared));
    next.set(cursor.take(added), shared);
    key = next;
    entries.push({ key, value: cursor.take(length) });
  }
  return entries;
}

/** Reads on through bytes, and never past them. */
class Cursor {
  #offset = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.#offset >= this.bytes.length;
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.bytes.length) throw invalid("an entry is longer than its block");
    const taken = this.bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** An unsigned integer below 2^53, seven bits a byte. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 128) {
      const byte = this.take(1)[0];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80 && Number.isSafeInteger(value)) return value;
    }
    throw invalid("a number is longer than 53 bits");
  }
}

function invalid(summary: string, expected?: string, got?: string): BtsbotError {
  return new BtsbotError("checkpoint-invalid", summary, {
    path: "index",
    ...(expected !== undefined && { expected }),
    ...(got !== undefined && { got }),
  });
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
