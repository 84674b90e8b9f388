import { BtsbotError } from "@btsbot/errors";
import crc32 from "crc-32";
import { inflateSync } from "fflate";
import { MAX_STAMP_BYTES } from "./constants.js";
import { findGzipBody } from "./findGzipBody.js";

/** CRC-32 and length of the plain bytes, RFC 1952 section 2.3.1. */
const TRAILER_BYTES = 8;
/** fflate's code for a deflate stream that ends early. */
const UNEXPECTED_EOF = 0;

/**
 * Unpacks a gzip stream of one member: the portable default of {@link readStamp}, on fflate. Never
 * holds more than `maxBytes` of output, and checks the trailer: length and CRC-32.
 *
 * In Node its own zlib is about twice as fast: give `readStamp`, `readStamps` or a scorer
 * `(bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes })`, `gunzipSync` being that of
 * `node:zlib`.
 *
 * @param bytes - the gzip stream; bytes after its trailer count as damage
 * @param maxBytes - most bytes that may come out; a stream longer than that to begin with is refused too
 * @returns the plain bytes
 * @throws BtsbotError `stamp-truncated` if the stream ends early; `stamp-too-large` if it unpacks to more
 * than `maxBytes`; `stamp-corrupt` if it cannot be unpacked or its trailer differs
 *
 * Source: RFC 1951 and RFC 1952.
 *
 * @example
 * ```ts
 * import { gunzip } from "@btsbot/cutout";
 * import { gzipSync } from "fflate";
 *
 * gunzip(gzipSync(new Uint8Array([1, 2, 3])), 100); // => new Uint8Array([1, 2, 3])
 * ```
 */
export function gunzip(bytes: Uint8Array, maxBytes: number = MAX_STAMP_BYTES): Uint8Array {
  const start = findGzipBody(bytes);
  const end = bytes.length - TRAILER_BYTES;
  if (end <= start) throw truncated(bytes.length);
  // Deflate does not shrink below its input by more than its block headers: so long a stream is no stamp,
  // and the refusal bounds the time that a hostile one can take.
  if (end - start > maxBytes + TRAILER_BYTES) throw tooLarge(maxBytes, `${bytes.length} bytes still packed`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(end + 4, true);
  // One byte more than may come out: a stream that fills it is too long. fflate writes nothing beyond it.
  const capacity = Math.min(size, maxBytes) + 1;
  const plain = inflate(bytes.subarray(start, end), capacity);
  if (plain === undefined || plain.length === capacity) {
    if (size > maxBytes) throw tooLarge(maxBytes, `${size} by its trailer`);
    throw wrongTrailer("length", `${size} bytes`, "more");
  }
  if (plain.length !== size) throw wrongTrailer("length", `${size} bytes`, `${plain.length}`);
  const expected = view.getUint32(end, true);
  const got = crc32.buf(plain) >>> 0;
  if (got !== expected) throw wrongTrailer("CRC-32", hex(expected), hex(got));
  return plain;
}

/** The plain bytes, cut at `capacity`; undefined where a stored block goes beyond it. */
function inflate(body: Uint8Array, capacity: number): Uint8Array | undefined {
  try {
    return inflateSync(body, { out: new Uint8Array(capacity) });
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    if ((cause as { code?: unknown }).code === UNEXPECTED_EOF) throw truncated(body.length, cause);
    throw new BtsbotError("stamp-corrupt", "the gzip stream cannot be unpacked", { got: String(cause), cause });
  }
}

function truncated(length: number, cause?: unknown): BtsbotError {
  return new BtsbotError("stamp-truncated", "the gzip stream ends early", { got: `${length} bytes`, cause });
}

function tooLarge(maxBytes: number, got: string): BtsbotError {
  return new BtsbotError("stamp-too-large", "the gzip stream unpacks to more than the limit", {
    expected: `at most ${maxBytes} bytes`,
    got,
  });
}

function wrongTrailer(what: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("stamp-corrupt", `the ${what} in the gzip trailer differs from the data's`, { expected, got });
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
