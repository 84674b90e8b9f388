import { crc32 } from "@foxglove/crc";
import { zlibSync } from "fflate";
import { joinBytes } from "./joinBytes.js";
import type { Picture } from "./types.js";

/** PNG specification, section 5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Color types by channels, section 11.2.1. */
const COLOR_TYPES = { 1: 0, 3: 2 } as const;
const BIT_DEPTH = 8;
/** Length, type and CRC of a chunk, section 5.3. */
const CHUNK_FRAME_BYTES = 12;

/**
 * Writes a picture as a PNG file: 8 bits a channel, gray or RGB, not interlaced.
 *
 * @param picture - the picture, at least 1 x 1
 * @returns the bytes of the file
 * @throws RangeError if the picture has no pixels, or not width x height x channels of them
 *
 * Source: Portable Network Graphics specification, second edition, sections 5, 9 and 11.
 *
 * @example
 * ```ts
 * import { encodePng } from "@btsbot/cutout";
 *
 * const bytes = encodePng({ width: 1, height: 1, channels: 3, pixels: new Uint8Array([255, 0, 0]) });
 * bytes.subarray(1, 4); // => new Uint8Array([0x50, 0x4e, 0x47])
 * ```
 */
export function encodePng({ width, height, channels, pixels }: Picture): Uint8Array {
  const rowBytes = width * channels;
  if (pixels.length === 0 || pixels.length !== rowBytes * height) {
    throw new RangeError(`pixels: expected ${width} x ${height} x ${channels}, at least one, got ${pixels.length}`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([BIT_DEPTH, COLOR_TYPES[channels], 0, 0, 0], 8);
  // Each row begins with its filter's number: 0, none.
  const rows = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row += 1) {
    rows.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  }
  return joinBytes([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + CHUNK_FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < type.length; at += 1) bytes[4 + at] = type.charCodeAt(at);
  bytes.set(data, 8);
  // The CRC covers type and data.
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
