import { BtsbotError, countOf } from "@btsbot/errors";

/** Bytes of the fixed part of the header, RFC 1952 section 2.3. */
const FIXED_BYTES = 10;
const DEFLATE = 8;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

/**
 * Offset of the first byte after a gzip header; may lie beyond the end of a truncated stream.
 *
 * @internal
 */
export function findGzipBody(bytes: Uint8Array): number {
  if (bytes.length < FIXED_BYTES) {
    throw new BtsbotError("stamp-truncated", "the gzip stream ends in its header", {
      got: countOf(bytes.length, "byte"),
    });
  }
  const flags = bytes[3];
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== DEFLATE || (flags & RESERVED) !== 0) {
    throw new BtsbotError("stamp-corrupt", "the gzip header cannot be read", {
      expected: "1f 8b 08 and no reserved flag",
      got: [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
    });
  }
  let at = FIXED_BYTES;
  if (flags & FEXTRA) at += 2 + bytes[at] + 256 * bytes[at + 1];
  if (flags & FNAME) at = afterZero(bytes, at);
  if (flags & FCOMMENT) at = afterZero(bytes, at);
  if (flags & FHCRC) at += 2;
  // A length that lies beyond the end reads as NaN.
  return Number.isNaN(at) ? bytes.length : at;
}

/** Where a zero-terminated text ends; the end of the bytes if it does not. */
function afterZero(bytes: Uint8Array, from: number): number {
  const zero = bytes.indexOf(0, from);
  return zero === -1 ? bytes.length : zero + 1;
}
