import { gunzipSync } from "node:zlib";
import { BtsbotError, checkArgument, checkOptions, countOf } from "@btsbot/errors";
import { parseTar } from "nanotar";
import { UNPACK_OPTIONS } from "./types.js";
import type { UnpackOptions } from "./types.js";

/**
 * What a compressed archive may unpack to unless the caller says otherwise: 4 MB and four times its length.
 * Weights hardly compress, and a small file must not take gigabytes.
 */
const LEAST_BYTES = 2 ** 22;
const TIMES_ITS_LENGTH = 4;
/** Files and folders of an archive: a SavedModel has some ten. */
const MAX_ENTRIES = 1000;

/** Tar's unit: headers are one block, files fill whole blocks. */
const BLOCK = 512;
/** Where a header keeps the file's size and its own checksum, both in octal digits (POSIX.1-1988, ustar). */
const SIZE = { offset: 124, length: 12 };
const CHECKSUM = { offset: 148, length: 8 };

/**
 * Unpacks a tar archive, gzip-compressed or plain. Which of the two is told by the bytes: the published
 * `v1.0.1.tar.gz` is a plain tar.
 *
 * @param bytes - the archive
 * @param options - how large it may become
 * @returns the files' bytes by path, without folders and links
 * @throws BtsbotError `archive-invalid` if it is not an archive, damaged, cut short, or larger than the limit
 *
 * @example
 * ```ts
 * import { unpackArchive } from "@btsbot/weights";
 *
 * unpackArchive(new Uint8Array(1024)).size; // => 0
 * ```
 */
export function unpackArchive(bytes: Uint8Array, options: UnpackOptions = {}): Map<string, Uint8Array> {
  checkOptions("unpackArchive", options, UNPACK_OPTIONS);
  checkArgument("unpackArchive", "bytes", bytes, "bytes");
  const { maxBytes = LEAST_BYTES + TIMES_ITS_LENGTH * bytes.length } = options;
  const tar = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, maxBytes) : bytes.slice();
  checkTar(tar);
  const files = new Map<string, Uint8Array>();
  try {
    for (const { name, type, data } of parseTar(tar)) {
      if (type === "file") files.set(name.replace(/^\.\//, ""), data?.slice() ?? new Uint8Array(0));
    }
  } catch (cause) {
    throw invalid("a header is damaged", { got: cause instanceof Error ? cause.message : String(cause), cause });
  }
  return files;
}

function gunzip(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    // A copy of its own: nanotar reads the whole of the underlying memory.
    const unpacked = gunzipSync(bytes, { maxOutputLength });
    return unpacked.length === unpacked.buffer.byteLength ? unpacked : unpacked.slice();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw invalid("it unpacks to more than the limit", {
        expected: `at most ${countOf(maxOutputLength, "byte")}`,
        cause,
      });
    }
    throw invalid("the gzip stream is damaged or cut short", { got: (cause as Error).message, cause });
  }
}

/** nanotar believes its input: checksums, sizes and the end are looked at here. */
function checkTar(tar: Uint8Array): void {
  let offset = 0;
  for (let entries = 0; ; entries++) {
    if (entries > MAX_ENTRIES)
      throw invalid("it holds more files than the limit", { expected: `at most ${MAX_ENTRIES}` });
    const header = tar.subarray(offset, offset + BLOCK);
    if (header.length < BLOCK) {
      throw invalid("it ends before its end mark", { expected: `more than ${countOf(tar.length, "byte")}` });
    }
    if (header.every((byte) => byte === 0)) return;
    const sum = header.reduce((total, byte, i) => total + (inField(i) ? 0x20 : byte), 0);
    if (octal(header, CHECKSUM) !== sum) {
      throw invalid(offset === 0 ? "neither gzip nor tar" : "a header is damaged", { path: `archive[${offset}]` });
    }
    const size = octal(header, SIZE);
    if (size === undefined) throw invalid("a file's size cannot be read", { path: `archive[${offset}]` });
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (offset > tar.length) {
      throw invalid("it ends inside a file", {
        expected: `at least ${countOf(offset, "byte")}`,
        got: countOf(tar.length, "byte"),
      });
    }
  }
}

/** The checksum counts its own bytes as spaces. */
function inField(index: number): boolean {
  return index >= CHECKSUM.offset && index < CHECKSUM.offset + CHECKSUM.length;
}

function octal(header: Uint8Array, { offset, length }: { offset: number; length: number }): number | undefined {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(String.fromCharCode(...header.subarray(offset, offset + length)));
  return digits === null ? undefined : Number.parseInt(digits[1], 8);
}

function invalid(
  summary: string,
  details: { path?: string; expected?: string; got?: string; cause?: unknown },
): BtsbotError {
  return new BtsbotError("archive-invalid", summary, { path: "archive", ...details });
}
