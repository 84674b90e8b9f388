import { BtsbotError, countOf, toBytes, toSafe } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import { MAX_STAMP_BYTES } from "./constants.js";
import { gunzip as portableGunzip } from "./gunzip.js";
import { nameStampFormat } from "./nameStampFormat.js";
import type { Gunzip, ReadStampOptions } from "./types.js";

/**
 * The bytes of a stamp's FITS file, unpacked where they are gzipped.
 *
 * @throws BtsbotError `stamp-not-fits`, `stamp-truncated`, `stamp-corrupt`, `stamp-too-large`, `gunzip-failed`
 *
 * @internal
 */
export function unpackStamp(
  stampData: Bytes,
  { gunzip = portableGunzip, maxBytes = MAX_STAMP_BYTES }: ReadStampOptions,
): Uint8Array {
  const bytes = toBytes(stampData);
  if (bytes === undefined) throw notBytes(stampData);
  const format = nameStampFormat(bytes);
  if (format === "FITS") return bytes;
  if (format === "gzip") return unpack(bytes, gunzip, maxBytes);
  throw new BtsbotError("stamp-not-fits", "the stamp is not a FITS image", {
    expected: "gzip or plain FITS",
    got: format,
  });
}

function notBytes(input: unknown): BtsbotError {
  return new BtsbotError("stamp-not-fits", "the stamp is not bytes", {
    expected: "a Uint8Array, a DataView or an ArrayBuffer",
    got: typeof input === "string" ? "a string" : Object.prototype.toString.call(input).slice(8, -1),
    hint: "toAlert of @btsbot/alert understands base64 and lists of rows.",
  });
}

function unpack(bytes: Uint8Array, gunzip: Gunzip, maxBytes: number): Uint8Array {
  let plain: Uint8Array;
  try {
    plain = gunzip(bytes, maxBytes);
  } catch (cause) {
    throw cause instanceof BtsbotError ? cause : toStampError(bytes, maxBytes, cause);
  }
  if (!(plain instanceof Uint8Array)) throw gunzipFailed(Object.prototype.toString.call(plain).slice(8, -1));
  if (plain.length > maxBytes) throw tooLarge(maxBytes, `${plain.length}`);
  return plain;
}

/**
 * Whether the stamp or another gunzip is at fault, in this package's words. The codes are those of Node's zlib; what
 * else is thrown says nothing by itself, and the portable gunzip tells.
 */
function toStampError(bytes: Uint8Array, maxBytes: number, cause: unknown): BtsbotError {
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  if (code === "ERR_BUFFER_TOO_LARGE") return tooLarge(maxBytes, "more", cause);
  if (code === "Z_BUF_ERROR") return new BtsbotError("stamp-truncated", "the gzip stream ends early", { cause });
  const portable = toSafe(() => portableGunzip(bytes, maxBytes));
  if (portable.success) return gunzipFailed(String(cause), cause);
  const { code: found, expected } = portable.error;
  return new BtsbotError(found, "the gzip stream cannot be unpacked", { expected, got: String(cause), cause });
}

function gunzipFailed(got: string, cause?: unknown): BtsbotError {
  return new BtsbotError("gunzip-failed", "the gunzip that was given fails on a stream that is sound", { got, cause });
}

function tooLarge(maxBytes: number, got: string, cause?: unknown): BtsbotError {
  return new BtsbotError("stamp-too-large", "the gzip stream unpacks to more than the limit", {
    expected: `at most ${countOf(maxBytes, "byte")}`,
    got,
    cause,
  });
}
