import { checkStamp } from "./checkStamp.js";
import { FITS_BLOCK_BYTES, FITS_CARD_BYTES } from "./readFitsHeader.js";
import type { Stamp } from "./types.js";

const FLOAT32_BYTES = 4;

/**
 * Writes a stamp as a FITS file: one HDU, BITPIX -32, not compressed. Packets carry it gzipped, which is
 * left to the caller.
 *
 * @param stamp - the image; NaN is written as NaN
 * @returns the file, a multiple of 2880 bytes
 * @throws RangeError if the pixels are not width times height
 *
 * Source: FITS standard 4.0, sections 3.3 and 4.4.1.
 *
 * @example
 * ```ts
 * import { writeFits } from "@btsbot/cutout";
 *
 * writeFits({ width: 63, height: 63, pixels: new Float32Array(3969) }).length; // => 20160
 * ```
 */
export function writeFits(stamp: Stamp): Uint8Array {
  checkStamp(stamp);
  const { width, height, pixels } = stamp;
  const header = [
    card("SIMPLE", "T"),
    card("BITPIX", "-32"),
    card("NAXIS", "2"),
    card("NAXIS1", `${width}`),
    card("NAXIS2", `${height}`),
    "END",
  ]
    .map((text) => text.padEnd(FITS_CARD_BYTES))
    .join("")
    .padEnd(FITS_BLOCK_BYTES);
  const dataBytes = Math.ceil((pixels.length * FLOAT32_BYTES) / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES;
  const bytes = new Uint8Array(header.length + dataBytes);
  for (let at = 0; at < header.length; at += 1) bytes[at] = header.charCodeAt(at);
  const view = new DataView(bytes.buffer, header.length);
  pixels.forEach((value, index) => {
    view.setFloat32(index * FLOAT32_BYTES, value, false);
  });
  return bytes;
}

/** Fixed format: the value ends in column 30, section 4.2. */
function card(keyword: string, value: string): string {
  return `${keyword.padEnd(8)}= ${value.padStart(20)}`;
}
