import { decompress as unpackZstd } from "fzstd";
import { decompress as unpackLz4 } from "lz4js";
import snappy from "snappyjs";
import type { KafkajsCodec, KafkajsModule } from "./module.js";

/** Codes of codecs in a batch's attributes (Kafka protocol, "Record Batch": bits 0 to 2). */
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;

/** How Java's producers begin snappy (xerial's stream: magic, version, oldest compatible version). */
const XERIAL = Buffer.from("\x82SNAPPY\0", "latin1");
const XERIAL_HEADER = 16;

/**
 * Gives a kafkajs module the codecs that it lacks, for reading: it comes with gzip alone. One that the program has
 * given stays.
 *
 * @internal
 */
export function registerCodecs({ CompressionCodecs }: KafkajsModule): void {
  const unpackers: readonly (readonly [number, string, (bytes: Uint8Array) => Uint8Array])[] = [
    [SNAPPY, "snappy", unpackSnappy],
    [LZ4, "lz4", (bytes) => unpackLz4(bytes)],
    [ZSTD, "zstd", (bytes) => unpackZstd(bytes)],
  ];
  for (const [type, name, unpack] of unpackers)
    if (isAbsent(CompressionCodecs[type])) CompressionCodecs[type] = () => readOnly(name, unpack);
}

/** What kafkajs has in the place of a codec throws when it is asked for. */
function isAbsent(make: (() => KafkajsCodec) | undefined): boolean {
  try {
    return typeof make?.().decompress !== "function";
  } catch {
    return true;
  }
}

function readOnly(name: string, unpack: (bytes: Uint8Array) => Uint8Array): KafkajsCodec {
  return {
    compress: () => Promise.reject(new Error(`${name} is for reading: choose gzip to send`)),
    decompress: (bytes) =>
      new Promise((resolve) => {
        const unpacked = unpack(bytes);
        resolve(Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength));
      }),
  };
}

/** A raw block, or blocks with their lengths behind a header. */
function unpackSnappy(packed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return snappy.uncompress(bytes);
  const blocks: Uint8Array[] = [];
  for (let at = XERIAL_HEADER; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    blocks.push(snappy.uncompress(bytes.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
}
