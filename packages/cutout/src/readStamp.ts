import { BtsbotError, checkOptions, countOf, toBytes, toSafe } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import { atPath } from "./atPath.js";
import { MAX_STAMP_BYTES } from "./constants.js";
import { gunzip as portableGunzip } from "./gunzip.js";
import { nameStampFormat } from "./nameStampFormat.js";
import { readFits } from "./readFits.js";
import { READ_STAMP_OPTIONS } from "./types.js";
import type { Gunzip, ReadStampOptions, Stamp } from "./types.js";

/**
 * Reads one stamp as an alert carries it: FITS, gzip-compressed or plain.
 *
 * @param stampData - the stamp's bytes, in any form
 * @param options - how gzip is unpacked, the limit, the place that errors name
 * @returns the pixels as stored, masked ones NaN, row 0 first as in the file
 * @throws BtsbotError `stamp-not-fits` for anything else (the 2017 packets hold JPEG), naming what it is;
 * `stamp-truncated`, `stamp-corrupt`, `stamp-too-large`, whichever `gunzip` is used; `gunzip-failed` if one that is
 * given fails on a sound stream, or does not give a Uint8Array; as {@link readFits}
 *
 * @example
 * ```ts
 * import { readStamp, writeFits } from "@btsbot/cutout";
 * import { gzipSync } from "fflate";
 *
 * const stamp = { width: 63, height: 62, pixels: new Float32Array(63 * 62).fill(1) };
 * readStamp(gzipSync(writeFits(stamp))); // => stamp
 * ```
 */
export function readStamp(stampData: Bytes, options: ReadStampOptions = {}): Stamp {
  checkOptions("readStamp", options, READ_STAMP_OPTIONS);
  const { gunzip = portableGunzip, maxBytes = MAX_STAMP_BYTES, path } = options;
  return atPath(path, () => {
    const bytes = toBytes(stampData);
    if (bytes === undefined) throw notBytes(stampData);
    const format = nameStampFormat(bytes);
    if (format === "FITS") return readFits(bytes);
    if (format === "gzip") return readFits(unpack(bytes, gunzip, maxBytes));
    throw new BtsbotError("stamp-not-fits", "the stamp is not a FITS image", {
      expected: "gzip or plain FITS",
      got: format,
    });
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
