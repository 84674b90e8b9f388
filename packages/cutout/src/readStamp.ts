import { checkOptions } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import { atPath } from "./atPath.js";
import { readFits } from "./readFits.js";
import { READ_STAMP_OPTIONS } from "./types.js";
import type { ReadStampOptions, Stamp } from "./types.js";
import { unpackStamp } from "./unpackStamp.js";

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
  return atPath(options.path, () => readFits(unpackStamp(stampData, options)));
}
