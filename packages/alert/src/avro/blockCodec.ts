import { BtsbotError, countOf } from "@btsbot/errors";
import { crc32 } from "@foxglove/crc";
import { deflateSync, Inflate } from "fflate";
import type { AvroCodec } from "../types.js";
import { packSnappy } from "./packSnappy.js";
import { unsnappy } from "./unsnappy.js";

/** The codecs read and written here. */
export const AVRO_CODECS: readonly AvroCodec[] = ["null", "deflate", "snappy"];

/**
 * Compressed bytes given to the inflater at a time, as long as they make little more, and where they make more than
 * eight times as many: one step can make a thousand times as many before it can be stopped.
 */
const [INFLATE_STEP, SMALL_STEP, USUAL_RATIO] = [4096, 512, 8];

/** The most bytes that a block may unpack to, and the name of the limit behind that. */
export interface Unpackable {
  readonly bytes: number;
  readonly limit: string;
}

/** The most that so many packed bytes may unpack to. */
export type UnpackableOf = (packed: number) => Unpackable;

/**
 * Unpacks one block.
 *
 * @param mostOf - what the block, and each beginning of it, may unpack to
 * @param place - where the block is, for errors
 */
export function unpackBlock(codec: AvroCodec, packed: Uint8Array, mostOf: UnpackableOf, place: string): Uint8Array {
  switch (codec) {
    case "null":
      return packed;
    case "deflate":
      return inflate(packed, mostOf, place);
    case "snappy":
      return unpackSnappy(packed, mostOf(packed.length), place);
  }
}

/** Packs one block. */
export function packBlock(codec: AvroCodec, plain: Uint8Array): Uint8Array {
  switch (codec) {
    case "null":
      return plain;
    case "deflate":
      return deflateSync(plain);
    case "snappy": {
      const packed = packSnappy(plain);
      const block = new Uint8Array(packed.length + 4);
      block.set(packed);
      new DataView(block.buffer).setUint32(packed.length, crc32(plain));
      return block;
    }
  }
}

function inflate(packed: Uint8Array, mostOf: UnpackableOf, place: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const inflater = new Inflate((chunk) => {
    length += chunk.length;
    chunks.push(chunk);
  });
  for (let start = 0, end = 0; end < packed.length || start === 0; start = end) {
    const step = start > 0 && length < USUAL_RATIO * start ? INFLATE_STEP : SMALL_STEP;
    end = Math.min(start + step, packed.length);
    try {
      // A copy: the inflater keeps what it could not use yet, and the caller may reuse its bytes.
      inflater.push(packed.slice(start, end), end === packed.length);
    } catch (cause) {
      throw new BtsbotError("avro-block-corrupt", "the deflate stream of the block is damaged", { path: place, cause });
    }
    const most = mostOf(end);
    if (length > most.bytes) tooLarge(`more, from the first ${end} of ${packed.length} packed bytes`, most, place);
  }
  if (chunks.length === 1) return chunks[0];
  const plain = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    plain.set(chunk, at);
    at += chunk.length;
  }
  return plain;
}

/** Avro's snappy block: the compressed bytes, then the CRC-32 of the plain ones, big-endian. */
function unpackSnappy(block: Uint8Array, most: Unpackable, place: string): Uint8Array {
  if (block.length < 5) {
    throw new BtsbotError("avro-block-corrupt", "the snappy block is too short to hold its checksum", {
      path: place,
      got: countOf(block.length, "byte"),
    });
  }
  const packed = block.subarray(0, -4);
  const plain = unsnappy(packed, (claimed) => {
    if (claimed > most.bytes) tooLarge(countOf(claimed, "byte"), most, place);
  });
  if (plain === undefined) {
    throw new BtsbotError("avro-block-corrupt", "the snappy bytes of the block are damaged", { path: place });
  }
  const expected = new DataView(block.buffer, block.byteOffset + packed.length, 4).getUint32(0);
  const got = crc32(plain);
  if (got !== expected) {
    throw new BtsbotError("avro-crc-mismatch", "the checksum of the snappy block does not match", {
      path: place,
      expected: hex(expected),
      got: hex(got),
    });
  }
  return plain;
}

function tooLarge(got: string, { bytes, limit }: Unpackable, place: string): never {
  throw new BtsbotError("avro-length-invalid", "the block unpacks to more bytes than the limit", {
    path: place,
    expected: `at most ${countOf(bytes, "byte")}`,
    got,
    hint: `Raise \`${limit}\` if the file is trusted.`,
  });
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
