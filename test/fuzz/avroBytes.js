import { deflateRawSync } from "node:zlib";
import crc32 from "crc-32";
import { compress } from "snappyjs";

/** A long as Avro writes it. */
export function varint(value) {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

export function concat(parts) {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))));
}

/** Bytes with their length in front. */
export function sized(bytes) {
  return concat([varint(bytes.length), bytes]);
}

export function pack(plain, codec) {
  if (codec === "deflate") return new Uint8Array(deflateRawSync(plain, { level: 1 }));
  if (codec !== "snappy") return plain;
  const check = Buffer.alloc(4);
  check.writeInt32BE(crc32.buf(plain));
  return concat([compress(plain), check]);
}

/**
 * Puts a container together, right or wrong.
 *
 * @param {Record<string, string | Uint8Array>} metadata
 * @param {{ count: number | bigint, plain?: Uint8Array, packed?: Uint8Array }[]} blocks
 */
export function writeContainer(metadata, blocks, sync = new Uint8Array(16).fill(7)) {
  const codec = String(metadata["avro.codec"] ?? "null");
  const entries = Object.entries(metadata).flatMap(([key, value]) => [
    sized(Buffer.from(key)),
    sized(typeof value === "string" ? Buffer.from(value) : value),
  ]);
  return concat([
    "Obj\x01",
    ...(entries.length > 0 ? [varint(entries.length / 2), ...entries] : []),
    Uint8Array.of(0),
    sync,
    ...blocks.flatMap(({ count, plain, packed = pack(plain, codec) }) => [varint(count), sized(packed), sync]),
  ]);
}
