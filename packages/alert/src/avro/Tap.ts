import { BtsbotError, countOf } from "@btsbot/errors";
import type { ErrorCode } from "@btsbot/errors";
import { MAX_DEPTH } from "../inputs/maxDepth.js";
import { BINARY_VALUES, CONTAINER_VALUES, READ_LIMITS } from "../inputs/readLimits.js";
import type { ReadLimits } from "../types.js";

/** Bytes of a text that is put together here: below that a call of the decoder takes longer than its work. */
const SHORT_TEXT = 24;

/** What a {@link Tap} says of itself when it fails. */
export interface TapPlace {
  /** Where its first byte is: `byte 120`, or inside a block that was unpacked. */
  readonly describe: (position: number) => string;
  /**
   * The longest length, in bytes, for which the data may just have been cut short; a longer one is
   * wrong. 0 where the data are known to be whole.
   */
  readonly mayLack: number;
}

/** Values of a record above which it is walked through first: twice what a packet of the survey holds. */
const LARGE_VALUES = 16_384;

/** Thrown where a record turns out to be large, for `readDatum`; no error of anybody's. */
export const LARGE = new Error("the record is large");

const NO_BYTES = new Uint8Array(0);
const scratch = new DataView(new ArrayBuffer(8));
// BOM kept: a string that is read and written again is the same string.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A position in bytes, and the reading of Avro's primitive values there, each checked against the end. */
export class Tap {
  pos = 0;
  depth = 0;
  /** Whether nothing is to be made of what is read: readers step over it, with all their checks. */
  isWalk = false;
  private readonly view: DataView;
  private values: number;
  private opened: number;
  /** Values left below which there is something to do. */
  private floor = 0;
  private room: number;
  private hi = 0;
  private lo = 0;
  private more = false;

  constructor(
    readonly bytes: Uint8Array,
    private readonly place: TapPlace,
    private readonly limits: ReadLimits = READ_LIMITS,
  ) {
    this.values = this.opened = limits.values;
    this.room = limits.bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Begins a record, which may hold so many values. */
  open(values: number): void {
    this.reopen(values, false);
    this.floor = Math.max(0, values - LARGE_VALUES);
  }

  /** Begins a record again that turned out to be large. */
  reopen(values: number, isWalk: boolean): void {
    this.values = this.opened = values;
    this.room = this.limits.bytes;
    this.floor = 0;
    this.isWalk = isWalk;
  }

  /** Values that the record may still hold. */
  get valuesLeft(): number {
    return this.values;
  }

  /** Counts values of the record: what it decodes to is bounded before it is made. */
  charge(count: number): void {
    this.values -= count;
    if (this.values >= this.floor) return;
    if (this.values < 0) this.exceed("values");
    throw LARGE;
  }

  /** Goes a level deeper, into a list, map or record of so many values; whoever calls it comes up again by `depth`. */
  enter(count = 0): void {
    this.charge(count + CONTAINER_VALUES);
    if ((this.depth += 1) > MAX_DEPTH) {
      this.fail("limit-exceeded", "the record nests too deeply", { expected: `at most ${MAX_DEPTH} levels` });
    }
  }

  private exceed(limit: "values" | "bytes"): never {
    const most = limit === "values" ? this.opened : this.limits.bytes;
    const summary =
      most < this.limits[limit]
        ? "the records decode to more values than so short an input should hold"
        : `the record decodes to more ${limit} than the limit`;
    return this.fail("limit-exceeded", summary, {
      expected: `at most ${most}`,
      hint: `Raise \`limits.${limit}\` if the input is trusted.`,
    });
  }

  fail(
    code: ErrorCode,
    summary: string,
    details: { expected?: string; got?: string; hint?: string; at?: number; cause?: unknown } = {},
  ): never {
    const { at = this.pos, ...rest } = details;
    throw new BtsbotError(code, summary, { path: this.place.describe(at), ...rest });
  }

  readBoolean(): boolean {
    const at = this.pos;
    const byte = this.bytes[this.advance(1)];
    if (byte > 1)
      this.fail("avro-datum-invalid", "this is not a boolean", { expected: "byte 0 or 1", got: `${byte}`, at });
    return byte === 1;
  }

  readInt(): number {
    const byte = this.bytes[this.pos];
    if (byte < 128) {
      this.pos += 1;
      return (byte >>> 1) ^ -(byte & 1);
    }
    const at = this.pos;
    this.readVarint();
    if (this.hi !== this.lo >> 31) {
      this.fail("avro-datum-invalid", "the int does not fit 32 bits", { got: `${this.bigint()}`, at });
    }
    return this.lo;
  }

  readLong(): bigint {
    this.readVarint();
    return this.bigint();
  }

  /** A long that counts or measures: as a number, of at most 2^53. */
  readSize(): number {
    const byte = this.bytes[this.pos];
    if (byte < 128) {
      this.pos += 1;
      return (byte >>> 1) ^ -(byte & 1);
    }
    this.readVarint();
    return this.hi * 4294967296 + (this.lo >>> 0);
  }

  readFloat(): number {
    return this.view.getFloat32(this.advance(4), true);
  }

  readDouble(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  /** Bytes of their own, so that an alert that is kept does not keep its whole file. */
  readBytes(): Uint8Array {
    return this.readFixed(this.readLength());
  }

  readFixed(size: number): Uint8Array {
    const start = this.advance(size);
    this.charge(BINARY_VALUES);
    if ((this.room -= size) < 0) this.exceed("bytes");
    return this.isWalk ? NO_BYTES : this.bytes.slice(start, start + size);
  }

  readString(): string {
    const length = this.readLength();
    const start = this.advance(length);
    if ((this.room -= length) < 0) this.exceed("bytes");
    if (length <= SHORT_TEXT) {
      const text = this.shortText(start, this.pos);
      if (text !== undefined) return text;
    }
    try {
      return utf8.decode(this.bytes.subarray(start, start + length));
    } catch (cause) {
      return this.fail("avro-datum-invalid", "the string is not UTF-8", { at: start, cause });
    }
  }

  /** A text of ASCII alone; undefined if it has anything else. */
  private shortText(start: number, end: number): string | undefined {
    const { bytes } = this;
    let text = "";
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte > 127) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** The length of a string or of bytes that follow, checked. */
  readLength(): number {
    const at = this.pos;
    const length = this.readSize();
    if (length < 0) this.fail("avro-length-invalid", "the length is negative", { got: `${length}`, at });
    if (length > this.bytes.length - this.pos) this.lack(length, at);
    return length;
  }

  /** The number of items in the next block of an array or map; 0 ends it. */
  readCount(minBytes: number): number {
    const at = this.pos;
    let count = this.readSize();
    if (count < 0) {
      // A negative count is followed by the length of the block, for those who want to skip it.
      count = -count;
      this.readLength();
    }
    this.checkCount(count, minBytes, at);
    this.charge(count);
    return count;
  }

  /** Refuses more items than the bytes left can hold. */
  checkCount(count: number, minBytes: number, at: number): void {
    if (count * minBytes > this.bytes.length - this.pos) this.lack(count * minBytes, at, count);
  }

  private lack(bytes: number, at: number, count?: number): never {
    const got = count === undefined ? countOf(bytes, "byte") : countOf(count, "item");
    const expected = `no more than the ${this.bytes.length - this.pos} bytes that are left`;
    if (bytes <= this.place.mayLack)
      this.fail("avro-truncated", "the data end before they should", { expected, got, at });
    return this.fail("avro-length-invalid", "a length or count is larger than the data", { expected, got, at });
  }

  /** Steps over `size` bytes and returns where they start. */
  private advance(size: number): number {
    const start = this.pos;
    if (size > this.bytes.length - start)
      this.fail("avro-truncated", "the data end before they should", {
        expected: countOf(size, "byte"),
        got: `${this.bytes.length - start}`,
      });
    this.pos = start + size;
    return start;
  }

  private bigint(): bigint {
    scratch.setInt32(0, this.lo, true);
    scratch.setInt32(4, this.hi, true);
    return scratch.getBigInt64(0, true);
  }

  /** Reads a zigzag varint of up to 64 bits into `hi` and `lo`, two signed halves. */
  private readVarint(): void {
    const at = this.pos;
    // Parts of four, four and two groups of 7 bits: bit operations work on 32 bits.
    const first = this.readGroups(4);
    const second = this.more ? this.readGroups(4) : 0;
    const third = this.more ? this.readGroups(2) : 0;
    if (this.more || third > 0xff) this.fail("avro-datum-invalid", "the number does not fit 64 bits", { at });
    const low = first | (second << 28);
    const high = (second >>> 4) | (third << 24);
    const sign = -(low & 1);
    this.lo = ((low >>> 1) | (high << 31)) ^ sign;
    this.hi = (high >>> 1) ^ sign;
  }

  private readGroups(most: number): number {
    const { bytes } = this;
    let part = 0;
    for (let group = 0; group < most; group++) {
      const byte = bytes[this.pos];
      if (byte === undefined) this.fail("avro-truncated", "the data end before they should");
      this.pos += 1;
      part |= (byte & 127) << (7 * group);
      if (byte < 128) {
        this.more = false;
        return part;
      }
    }
    this.more = true;
    return part;
  }
}
