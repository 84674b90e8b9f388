import { BtsbotError, countOf, toBytes } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import { MAX_SIDE } from "./constants.js";
import { nameStampFormat } from "./nameStampFormat.js";
import { readFitsHeader } from "./readFitsHeader.js";
import type { FitsHeader } from "./readFitsHeader.js";
import type { Stamp } from "./types.js";

const FLOAT32_BYTES = 4;
/** IEEE single precision, FITS standard 4.0, table 8. */
const FLOAT32_BITPIX = -32;

/**
 * Reads the image of a FITS file's primary HDU: float32, two axes, as the survey's stamps are. Pixels
 * come as stored: there is no scaling, and NaN, which marks masked pixels, stays NaN. BLANK, which holds
 * for integers alone, is ignored, as is all that follows the image.
 *
 * @param input - the file's bytes, in any form, not compressed
 * @returns the image, row 0 first as in the file
 * @throws BtsbotError `stamp-not-fits` if the bytes do not begin as FITS; `fits-header-invalid` if a card
 * is absent or cannot be read; `fits-unsupported` for another BITPIX or NAXIS, or a BZERO or BSCALE that
 * would change the pixels; `stamp-size` for a side without pixels, or of more than 1024; `stamp-truncated`
 * if header or image end early
 *
 * Source: FITS standard 4.0, sections 3.3, 4.4.1, 4.4.2.5 and 5.3.
 *
 * @example
 * ```ts
 * import { readFits, writeFits } from "@btsbot/cutout";
 *
 * const bytes = writeFits({ width: 2, height: 1, pixels: new Float32Array([1.5, -2]) });
 * readFits(bytes).pixels; // => new Float32Array([1.5, -2])
 * ```
 */
export function readFits(input: Bytes): Stamp {
  const bytes = toBytes(input);
  const format = bytes && nameStampFormat(bytes);
  if (bytes === undefined || format !== "FITS") {
    const got = format ?? Object.prototype.toString.call(input).slice(8, -1);
    throw new BtsbotError("stamp-not-fits", "these are not the bytes of a FITS image", { expected: "FITS", got });
  }
  const header = readFitsHeader(bytes);
  const simple = header.values.get("SIMPLE");
  if (simple !== "T") throw unsupported("SIMPLE", "T", simple ?? "none");
  expectValue(header, "BITPIX", FLOAT32_BITPIX);
  expectValue(header, "NAXIS", 2);
  const width = readSide(header, "NAXIS1");
  const height = readSide(header, "NAXIS2");
  // A side of 0 hides the other's length: no pixels need follow it.
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    throw new BtsbotError("stamp-size", "the FITS image is not a stamp", {
      expected: `1 to ${MAX_SIDE} pixels on a side`,
      got: `${width} x ${height}`,
    });
  }
  expectUnscaled(header, "BZERO", 0);
  expectUnscaled(header, "BSCALE", 1);
  return { width, height, pixels: readPixels(bytes, header.dataOffset, width, height) };
}

function readPixels(bytes: Uint8Array, offset: number, width: number, height: number): Float32Array {
  const count = width * height;
  const expected = offset + count * FLOAT32_BYTES;
  // Compared before anything is allocated: a header can claim any size.
  if (bytes.length < expected) {
    throw new BtsbotError("stamp-truncated", "the FITS image ends early", {
      expected: `${countOf(expected, "byte")} for ${width} x ${height} pixels`,
      got: countOf(bytes.length, "byte"),
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * FLOAT32_BYTES);
  const pixels = new Float32Array(count);
  for (let index = 0; index < count; index += 1) pixels[index] = view.getFloat32(index * FLOAT32_BYTES, false);
  return pixels;
}

function readInteger({ values }: FitsHeader, keyword: string): number {
  const text = values.get(keyword);
  if (text === undefined || !/^[+-]?\d{1,15}$/.test(text)) throw invalid(keyword, "an integer", text ?? "no such card");
  return Number(text);
}

function readSide(header: FitsHeader, keyword: string): number {
  const side = readInteger(header, keyword);
  if (side < 0) throw invalid(keyword, "0 or more", `${side}`);
  return side;
}

function expectValue(header: FitsHeader, keyword: string, expected: number): void {
  const got = readInteger(header, keyword);
  if (got !== expected) throw unsupported(keyword, `${expected}`, `${got}`);
}

function expectUnscaled({ values }: FitsHeader, keyword: string, neutral: number): void {
  const text = values.get(keyword);
  // Fortran writes exponents with D.
  if (text === undefined || (text !== "" && Number(text.replace(/d/i, "E")) === neutral)) return;
  throw unsupported(keyword, `${neutral}, or none`, text);
}

function invalid(keyword: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("fits-header-invalid", `the FITS card ${keyword} cannot be read`, { expected, got });
}

function unsupported(keyword: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("fits-unsupported", `the FITS card ${keyword} differs from that of the survey's stamps`, {
    expected,
    got,
  });
}
