import { BtsbotError, checkOptions, countOf } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import { atPath } from "./atPath.js";
import { MAX_SIDE } from "./constants.js";
import { nameStampFormat } from "./nameStampFormat.js";
import { FITS_BLOCK_BYTES, readFitsHeader } from "./readFitsHeader.js";
import type { FitsHeader } from "./readFitsHeader.js";
import { readWcs } from "./readWcs.js";
import { READ_STAMP_OPTIONS } from "./types.js";
import type { ReadStampOptions, StampImage } from "./types.js";
import { unpackStamp } from "./unpackStamp.js";

/** Parts of a file that are looked at: Rubin's stamps have 3. */
const MOST_PARTS = 32;
/** IEEE numbers, FITS standard 4.0, table 8. */
const FLOATS: readonly number[] = [-32, -64];

/**
 * Reads every image of a stamp's FITS file: the stamp itself, then those of the extensions, such as the variance (`UNCERT`)
 * and the model of a point source (`PSFIMAGE`) in Rubin's.
 *
 * @param stampData - the stamp's bytes, in any form, gzip-compressed or plain
 * @param options - how gzip is unpacked, the limit, the place that errors name
 * @returns the images of two axes in the file's order, pixels as stored, masked ones NaN, row 0 first; double precision is rounded to
 * single; images of integers, tables, and what follows the last extension are left out
 * @throws BtsbotError as {@link readStamp}; `fits-header-invalid`, `stamp-size` and `stamp-truncated` of any part
 *
 * Source: FITS standard 4.0, sections 3.4, 4.4.1 and 8.
 *
 * @example
 * ```ts
 * import { readStampImages, writeFits } from "@btsbot/cutout";
 *
 * const image = { width: 2, height: 1, pixels: new Float32Array([1.5, -2]) };
 * const images = readStampImages(writeFits([image, { ...image, name: "UNCERT" }]));
 * images.map(({ name }) => name); // => [undefined, "UNCERT"]
 * ```
 */
export function readStampImages(stampData: Bytes, options: ReadStampOptions = {}): StampImage[] {
  checkOptions("readStampImages", options, READ_STAMP_OPTIONS);
  return atPath(options.path, () => readParts(unpackStamp(stampData, options)));
}

function readParts(bytes: Uint8Array): StampImage[] {
  const format = nameStampFormat(bytes);
  if (format !== "FITS")
    throw new BtsbotError("stamp-not-fits", "these are not the bytes of a FITS image", {
      expected: "FITS",
      got: format,
    });
  const images: StampImage[] = [];
  let part = bytes;
  for (let count = 0; count < MOST_PARTS && (count === 0 || isExtension(part)); count += 1) {
    const header = readFitsHeader(part);
    const { axes, end } = measure(header);
    if (part.length < end)
      throw new BtsbotError("stamp-truncated", "a part of the FITS file ends early", {
        expected: countOf(end, "byte"),
        got: countOf(part.length, "byte"),
      });
    if (isImage(header, axes)) images.push(readImage(part, header, axes));
    part = part.subarray(Math.ceil(end / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES);
  }
  return images;
}

function isExtension(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 9)) === "XTENSION=";
}

/** The axes of a part's data, and where these end in it: section 4.4.1.2. */
function measure(header: FitsHeader): { readonly axes: readonly number[]; readonly end: number } {
  const axes = Array.from({ length: readCount(header, "NAXIS", 999) }, (_, index) =>
    readCount(header, `NAXIS${index + 1}`, 2 ** 31),
  );
  const values = axes.length === 0 ? 0 : axes.reduce((product, side) => product * side, 1);
  const { values: cards } = header;
  const [more, groups] = [
    cards.has("PCOUNT") ? readCount(header, "PCOUNT", 2 ** 31) : 0,
    cards.has("GCOUNT") ? readCount(header, "GCOUNT", 2 ** 31) : 1,
  ];
  const bits = Math.abs(readInteger(header, "BITPIX"));
  return { axes, end: header.dataOffset + (bits / 8) * groups * (more + values) };
}

function isImage({ values }: FitsHeader, axes: readonly number[]): boolean {
  const isOne = !values.has("XTENSION") || readText({ values }, "XTENSION") === "IMAGE";
  return isOne && axes.length === 2 && FLOATS.includes(Number(values.get("BITPIX")));
}

function readImage(part: Uint8Array, header: FitsHeader, [width, height]: readonly number[]): StampImage {
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE)
    throw new BtsbotError("stamp-size", "the FITS image is not a stamp", {
      expected: `1 to ${MAX_SIDE} pixels on a side`,
      got: `${width} x ${height}`,
    });
  const isDouble = Number(header.values.get("BITPIX")) === -64;
  const view = new DataView(part.buffer, part.byteOffset + header.dataOffset);
  const pixels = new Float32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = isDouble ? view.getFloat64(8 * index) : view.getFloat32(4 * index);
  const name = readText(header, "EXTNAME");
  const wcs = readWcs(header);
  return { ...(name && { name }), width, height, pixels, ...(wcs && { wcs }) };
}

/** A text between quotes, without the comment behind it and the blanks at its end: section 4.2.1. */
function readText({ values }: Pick<FitsHeader, "values">, keyword: string): string | undefined {
  const text = /^'((?:[^']|'')*)'/.exec(values.get(keyword) ?? "")?.[1];
  return text?.replaceAll("''", "'").trimEnd();
}

function readCount(header: FitsHeader, keyword: string, most: number): number {
  const count = readInteger(header, keyword);
  if (count >= 0 && count <= most) return count;
  throw invalid(keyword, `0 to ${most}`, `${count}`);
}

function readInteger({ values }: FitsHeader, keyword: string): number {
  const text = values.get(keyword);
  if (text !== undefined && /^[+-]?\d{1,15}$/.test(text)) return Number(text);
  throw invalid(keyword, "an integer", text ?? "no such card");
}

function invalid(keyword: string, expected: string, got: string): BtsbotError {
  return new BtsbotError("fits-header-invalid", `the FITS card ${keyword} cannot be read`, { expected, got });
}
