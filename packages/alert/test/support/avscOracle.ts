import { createRequire } from "node:module";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type * as Avsc from "avsc";
import crc32 from "crc-32";
import { compress, uncompress } from "snappyjs";

const avsc = createRequire(import.meta.url)("avsc") as typeof Avsc;

/** avsc's long as an exact bigint. */
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === "bigint",
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/**
 * The survey's defaults do not fit their unions, and avsc refuses them; reading needs none. A long
 * that is written as an object would escape the registry.
 */
function withoutDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaults);
  if (typeof schema !== "object" || schema === null) return schema;
  if ((schema as { type?: unknown }).type === "long" && !("name" in schema)) return "long";
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== "default")
      .map(([key, value]) => [key, withoutDefaults(value)]),
  );
}

/** A type of another implementation, to compare ours with. Unions are read as their bare value. */
export function avscType(schema: unknown): Avsc.Type {
  return avsc.Type.forSchema(
    withoutDefaults(schema) as Avsc.Schema,
    { registry: { long }, wrapUnions: "never" } as never,
  );
}

/** Reads a container with avsc, asynchronously as it can only do. */
export function readWithAvsc(bytes: Uint8Array): Promise<unknown[]> {
  const decoder = new avsc.streams.BlockDecoder({
    parseHook: (schema: unknown) => avscType(schema),
    codecs: {
      null: (data: Buffer, done: (error: Error | null, data?: Buffer) => void) => done(null, data),
      deflate: (data: Buffer, done: (error: Error | null, data?: Buffer) => void) => done(null, inflateRawSync(data)),
      snappy: (data: Buffer, done: (error: Error | null, data?: Buffer) => void) =>
        done(null, uncompress(data.subarray(0, -4) as never)),
    },
  } as never);
  return new Promise((resolve, reject) => {
    const records: unknown[] = [];
    decoder.on("data", (record: unknown) => records.push(record));
    decoder.on("end", () => resolve(records));
    decoder.on("error", reject);
    decoder.end(Buffer.from(bytes));
  });
}

/** Writes a container with avsc's types, block by block. */
export function writeWithAvsc(
  schema: object,
  blocks: readonly (readonly unknown[])[],
  codec: "null" | "deflate" | "snappy" = "null",
): Uint8Array {
  const type = avscType(schema);
  const packed = blocks.map((records) => ({
    count: records.length,
    bytes: pack(Buffer.concat(records.map((record) => type.toBuffer(record))), codec),
  }));
  return writeContainer({ "avro.schema": JSON.stringify(schema), "avro.codec": codec }, packed);
}

function pack(plain: Buffer, codec: string): Buffer {
  if (codec === "deflate") return deflateRawSync(plain);
  if (codec === "null") return plain;
  const check = Buffer.alloc(4);
  check.writeInt32BE(crc32.buf(plain));
  return Buffer.concat([compress(plain as never) as unknown as Buffer, check]);
}

/** A long as Avro writes it. */
export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** The marker of the containers made here. */
export const SYNC = Uint8Array.from({ length: 16 }, (_, i) => 200 + i);

/** Puts a container together by hand, right or wrong. */
export function writeContainer(
  metadata: Readonly<Record<string, string>>,
  blocks: readonly { count: number | bigint; size?: number | bigint; bytes: Uint8Array; sync?: Uint8Array }[],
): Uint8Array {
  const text = (value: string): Uint8Array[] => [Uint8Array.from(varint(Buffer.byteLength(value))), Buffer.from(value)];
  const entries = Object.entries(metadata);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("Obj\x01"),
      Uint8Array.from(entries.length > 0 ? varint(entries.length) : []),
      ...entries.flatMap(([key, value]) => [...text(key), ...text(value)]),
      Uint8Array.of(0),
      SYNC,
      ...blocks.flatMap(({ count, bytes, size = bytes.length, sync = SYNC }) => [
        Uint8Array.from([...varint(count), ...varint(size)]),
        bytes,
        sync,
      ]),
    ]),
  );
}
