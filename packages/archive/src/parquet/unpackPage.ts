import { unsnappy } from "@btsbot/alert";
import { gunzipSync } from "fflate";
import { decompress as unzstd } from "fzstd";
import { damaged, unsupported } from "./parquetErrors.js";

/** Packs a page: not at all, snappy, gzip, zstd. By their numbers: CompressionCodec in parquet.thrift of apache/parquet-format. */
const CODECS: Readonly<Record<number, (packed: Uint8Array, length: number) => Uint8Array | undefined>> = {
  0: (packed) => packed,
  // A literal's length that is negative sends the library's own reader of snappy backwards, without end.
  1: (packed, length) =>
    unsnappy(packed, (claimed) => {
      if (claimed !== length) throw damaged("a page does not have the length that its header states");
    }),
  2: (packed, length) => gunzipSync(packed, { out: new Uint8Array(length) }),
  6: (packed, length) => unzstd(packed, new Uint8Array(length)),
};
/** The names of all, by the same numbers. */
export const CODEC_NAMES: readonly string[] = [
  ...["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"],
];

/**
 * Unpacks a page of a Parquet file into as many bytes as its header says, and no more.
 *
 * @param codec - its number
 * @throws BtsbotError `archive-invalid`, `archive-unsupported`
 *
 * @internal
 */
export function unpackPage(codec: number, packed: Uint8Array, length: number): Uint8Array {
  const unpack = (CODECS as Partial<typeof CODECS>)[codec];
  if (unpack === undefined)
    throw unsupported(`the codec ${CODEC_NAMES[codec] ?? codec}`, "snappy, gzip, zstd, or not compressed");
  const plain = run(() => unpack(packed, length));
  if (plain?.length !== length) throw damaged("a page cannot be unpacked to the length that its header says");
  return plain;
}

function run<T>(unpack: () => T): T | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
