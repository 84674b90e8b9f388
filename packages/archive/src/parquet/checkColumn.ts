import { checkRuns } from "./checkRuns.js";
import { damaged, unsupported } from "./parquetErrors.js";
import { readThrift } from "./readThrift.js";
import type { ThriftStruct } from "./readThrift.js";
import { unpackPage } from "./unpackPage.js";

/** Numbers of PageType, Encoding and Type: parquet.thrift of apache/parquet-format. */
const [DATA, INDEX, DICTIONARY, DATA_V2] = [0, 1, 2, 3];
const [PLAIN, PLAIN_DICTIONARY, RLE, DELTA, DELTA_LENGTHS, RLE_DICTIONARY, SPLIT] = [0, 2, 3, 5, 6, 8, 9];
const ENCODINGS = "PLAIN, RLE, a dictionary, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY or BYTE_STREAM_SPLIT";
const BOOLEAN = 0;
/** Values of a block of differences, and its parts: writers take 128 and 4, or 2048 and 64. */
const MOST_BLOCK = 1 << 16;
const MOST_PARTS = 512;

/** What is known of a column of a row group. */
export interface ColumnFacts {
  /** Its physical type and codec, by their numbers. */
  readonly type: number;
  readonly codec: number;
  /** Values in all of its pages, nulls and empty lists included. */
  readonly values: number;
  /** The most levels of repetition and definition. */
  readonly repetition: number;
  readonly definition: number;
  /** Most bytes of a page. */
  readonly maxPageBytes: number;
}

/**
 * Looks through the pages of a column before they are decoded. The library that does it believes what they say of themselves: a byte
 * that is wrong would make it fill the memory.
 *
 * @param chunk - the column's bytes in a row group
 * @throws BtsbotError `archive-invalid`, `archive-unsupported`
 *
 * @internal
 */
export function checkColumn(chunk: Uint8Array, facts: ColumnFacts): void {
  let left = facts.values;
  for (let at = 0; at < chunk.length - 1;) {
    const { struct, end } = readThrift(chunk.subarray(at));
    const [type, plain, packed] = [1, 2, 3].map((id) => numberIn(struct, id));
    at += end;
    if (packed > chunk.length - at) throw damaged("a page goes beyond its column");
    if (plain > facts.maxPageBytes) throw damaged("a page is larger than its row group");
    const body = chunk.subarray(at, at + packed);
    at += packed;
    if (type === INDEX) throw unsupported("a page of an index", "pages of data");
    const header = struct.get({ [DATA]: 5, [DICTIONARY]: 7, [DATA_V2]: 8 }[type] ?? -1);
    if (!(header instanceof Map)) throw damaged("a page is of an unknown kind");
    const values = numberIn(header, 1);
    if (type === DICTIONARY) {
      if (values > facts.values) throw damaged("a dictionary has more values than its column");
      unpackPage(facts.codec, body, plain);
      continue;
    }
    left -= values;
    if (left < 0) throw damaged("its pages have more values than their column");
    if (type === DATA) checkPage(unpackPage(facts.codec, body, plain), header, values, facts);
    else checkPageV2(body, plain, header, values, facts);
    // Flat columns end with their last value, and what follows is not looked at.
    if (left === 0 && facts.repetition === 0) return;
  }
  if (left > 0) throw damaged("its pages have fewer values than their column");
}

function checkPage(page: Uint8Array, header: ThriftStruct, values: number, facts: ColumnFacts): void {
  let at = 0;
  const level = (most: number): number => {
    if (most === 0) return values;
    const length = lengthAt(page, at);
    const found = checkRuns(page.subarray(at + 4, at + 4 + length), bitsOf(most), values, most);
    at += 4 + length;
    return found;
  };
  level(facts.repetition);
  const present = level(facts.definition);
  checkValues(page.subarray(at), numberIn(header, 2), present, facts);
}

function checkPageV2(body: Uint8Array, plain: number, header: ThriftStruct, values: number, facts: ColumnFacts): void {
  const [nulls, definitions, repetitions] = [2, 5, 6].map((id) => numberIn(header, id));
  const start = definitions + repetitions;
  if (nulls > values || numberIn(header, 3) > values || start > body.length || start > plain)
    throw damaged("the header of a page contradicts itself");
  const level = (most: number, from: number, to: number): unknown =>
    most > 0 && checkRuns(body.subarray(from, to), bitsOf(most), values, most);
  level(facts.repetition, 0, repetitions);
  level(facts.definition, repetitions, start);
  const isPacked = header.get(7) !== false && plain > start;
  const page = isPacked ? unpackPage(facts.codec, body.subarray(start), plain - start) : body.subarray(start);
  checkValues(page, numberIn(header, 4), values - nulls, facts);
}

function checkValues(bytes: Uint8Array, encoding: number, count: number, { type }: ColumnFacts): void {
  switch (encoding) {
    case PLAIN:
      // A bit for each boolean, and more for all others.
      if (count > 8 * bytes.length) throw damaged("a page has fewer bytes than values");
      return;
    case SPLIT:
      if (count > bytes.length) throw damaged("a page has fewer bytes than values");
      return;
    case PLAIN_DICTIONARY:
    case RLE_DICTIONARY:
    case RLE: {
      if (type === BOOLEAN) {
        const length = lengthAt(bytes, 0);
        return void checkRuns(bytes.subarray(4, 4 + length), 1, count, 1);
      }
      if (bytes.length === 0 && count === 0) return;
      if (bytes[0] > 32) throw damaged("the places of a dictionary have more than 32 bits");
      return void (bytes[0] > 0 && checkRuns(bytes.subarray(1), bytes[0], count, 0));
    }
    case DELTA:
    case DELTA_LENGTHS: {
      const [block, parts] = [readThriftInteger(bytes, 0), readThriftInteger(bytes, 1)];
      if (!(block >= 8 && block <= MOST_BLOCK && parts >= 1 && parts <= MOST_PARTS && block % parts === 0))
        throw damaged("a page of differences has blocks of an impossible size");
      if (count > MOST_BLOCK * (bytes.length + 1)) throw damaged("a page has fewer bytes than values");
      return;
    }
    default:
      throw unsupported(`the encoding with number ${encoding}`, ENCODINGS);
  }
}

/** The integer with so many others in front of it. */
function readThriftInteger(bytes: Uint8Array, skip: number): number {
  let at = 0;
  for (let i = 0; ; i += 1) {
    let [value, scale] = [0, 1];
    for (; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 28) throw damaged("a page of differences ends early");
      value += (bytes[at] & 127) * scale;
      if (bytes[at++] < 128) break;
    }
    if (i === skip) return value;
  }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw damaged("a page ends early");
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  if (length > bytes.length - at - 4) throw damaged("the levels of a page go beyond it");
  return length;
}

function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** A field that counts something. */
function numberIn(struct: ThriftStruct, id: number): number {
  const value = struct.get(id);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw damaged("the header of a page lacks a number");
  return value;
}
