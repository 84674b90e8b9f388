import { BtsbotError, countOf } from "@btsbot/errors";
import { crc32 } from "@foxglove/crc";
import { Inflate, inflateSync } from "fflate";
import { MAX_STAMP_BYTES } from "./constants.js";
import { findGzipBody } from "./findGzipBody.js";

/** CRC-32 and length of the plain bytes, RFC 1952 section 2.3.1. */
const TRAILER_BYTES = 8;
/** The least deflate stream: an empty block of ten bits, RFC 1951 section 3.2.6. */
const LEAST_BODY_BYTES = 2;
/** Streams up to this length are unpacked in one go, which is faster: real stamps take up to 15 kB. */
const AT_ONCE_BYTES = 16_384;
/** Times its size that a real stamp unpacks to, and more: they are noise, and take half their size. */
const USUAL_RATIO = 8;
/** Bytes of a longer one that are tried first, as its first member may be short. */
const FIRST_BYTES = 2048;
/** Bytes of a longer one that are unpacked at a time: each step can make a thousand times as many. */
const STEP_BYTES = 256;
/** fflate's code for a deflate stream that ends early. */
const UNEXPECTED_EOF = 0;

/**
 * Unpacks a gzip stream: the portable default of {@link readStamp}, on fflate. Never holds more than
 * `maxBytes` of output, and checks the trailer of every member: length and CRC-32. As with Node's zlib,
 * a stream may have several members, and what follows a member and begins with a zero is padding. Unlike
 * there, the complement of a stored block's length is not compared, a distance code that RFC 1951 leaves out is not
 * refused, and bytes between a stream and its trailer are passed over: the length and the CRC-32 say that what comes
 * out is right.
 *
 * In Node its own zlib is about twice as fast: give `readStamp`, `readStamps` or a scorer
 * `(bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes })`, `gunzipSync` being that of
 * `node:zlib`.
 *
 * @param bytes - the gzip stream; bytes after its trailer that are neither a member nor padding count as damage
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
  // Deflate does not shrink below its input by more than its block headers: so long a stream is not a stamp,
  // and the refusal bounds the time that a hostile one can take.
  if (end - start > maxBytes + TRAILER_BYTES) throw tooLarge(maxBytes, `${countOf(bytes.length, "byte")} still packed`);
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(end + 4, true);
  // One byte more than may come out: a stream that fills it is too long. fflate writes nothing beyond it.
  const unpackWithin = (length: number): Uint8Array | undefined => unpackMembers(bytes, new Uint8Array(length + 1));
  // The last four bytes are the length of all but streams of several members, padded and damaged ones.
  const plain = unpackWithin(Math.min(size, maxBytes)) ?? (size < maxBytes ? unpackWithin(maxBytes) : undefined);
  if (plain === undefined) throw tooLarge(maxBytes, "more");
  return plain;
}

/** The plain bytes of all members in `out`; undefined where they fill it. Zeros behind a member are padding. */
function unpackMembers(bytes: Uint8Array, out: Uint8Array): Uint8Array | undefined {
  let used = 0;
  for (let at = 0; at === 0 || (at < bytes.length && bytes[at] !== 0);) {
    const member = bytes.subarray(at);
    if (member.length > 1 && (member[0] !== 0x1f || member[1] !== 0x8b)) {
      throw new BtsbotError("stamp-corrupt", "what follows the gzip stream is neither a member nor padding", {
        got: countOf(member.length, "byte"),
      });
    }
    const start = findGzipBody(member);
    const end = member.length - TRAILER_BYTES;
    if (end <= start) throw truncated(bytes.length);
    const room = out.subarray(used);
    const plain = inflate(member.subarray(start, end), room);
    if (plain === undefined || plain.length === room.length) return undefined;
    used += plain.length;
    at += findEnd(member, start, plain);
  }
  return out.subarray(0, used);
}

/** Where a member ends: behind the first eight bytes that are the trailer of `plain`, as fflate does not say. */
function findEnd(member: Uint8Array, start: number, plain: Uint8Array): number {
  const view = new DataView(member.buffer, member.byteOffset, member.length);
  const crc = crc32(plain);
  const last = member.length - TRAILER_BYTES;
  for (
    let at = member.indexOf(crc & 255, start + LEAST_BODY_BYTES);
    at >= 0 && at <= last;
    at = member.indexOf(crc & 255, at + 1)
  ) {
    if (view.getUint32(at, true) === crc && view.getUint32(at + 4, true) === plain.length) return at + TRAILER_BYTES;
  }
  const size = view.getUint32(last + 4, true);
  if (plain.length !== size) throw wrongTrailer("length", countOf(size, "byte"), `${plain.length}`);
  throw wrongTrailer("CRC-32", hex(view.getUint32(last, true)), hex(crc));
}

/** The plain bytes, cut where `out` ends; undefined where they go beyond it. */
function inflate(body: Uint8Array, out: Uint8Array): Uint8Array | undefined {
  try {
    if (body.length <= AT_ONCE_BYTES && out.length <= USUAL_RATIO * body.length) return inflateSync(body, { out });
    return inflateBeginning(body.subarray(0, FIRST_BYTES), out) ?? inflateBySteps(body, out);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    if (isEarlyEnd(cause)) throw truncated(body.length, cause);
    throw new BtsbotError("stamp-corrupt", "the gzip stream cannot be unpacked", { got: String(cause), cause });
  }
}

function inflateBeginning(beginning: Uint8Array, out: Uint8Array): Uint8Array | undefined {
  try {
    return inflateSync(beginning, { out });
  } catch (cause) {
    if (isEarlyEnd(cause)) return undefined;
    throw cause;
  }
}

function isEarlyEnd(cause: unknown): boolean {
  return (cause as { code?: unknown }).code === UNEXPECTED_EOF;
}

/** The same of a stream of any length, stopped where `out` is full: fflate itself goes on to the stream's end, and a bomb's is far. */
function inflateBySteps(body: Uint8Array, out: Uint8Array): Uint8Array | undefined {
  let length = 0;
  const inflater = new Inflate((chunk) => {
    if (length + chunk.length <= out.length) out.set(chunk, length);
    length += chunk.length;
  });
  for (let start = 0; start < body.length; start += STEP_BYTES) {
    const end = Math.min(start + STEP_BYTES, body.length);
    // A copy: the inflater keeps what it could not use yet.
    inflater.push(body.slice(start, end), end === body.length);
    if (length > out.length) return undefined;
  }
  return out.subarray(0, length);
}

function truncated(length: number, cause?: unknown): BtsbotError {
  return new BtsbotError("stamp-truncated", "the gzip stream ends early", { got: countOf(length, "byte"), cause });
}

function tooLarge(maxBytes: number, got: string): BtsbotError {
  return new BtsbotError("stamp-too-large", "the gzip stream unpacks to more than the limit", {
    expected: `at most ${countOf(maxBytes, "byte")}`,
    got,
  });
}

function wrongTrailer(what: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("stamp-corrupt", `the ${what} in the gzip trailer differs from the data's`, { expected, got });
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
