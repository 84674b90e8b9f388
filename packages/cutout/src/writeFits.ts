import { checkStamp } from "./checkStamp.js";
import { joinBytes } from "./joinBytes.js";
import { FITS_BLOCK_BYTES, FITS_CARD_BYTES } from "./readFitsHeader.js";
import type { StampImage } from "./types.js";

const FLOAT32_BYTES = 4;

/**
 * Writes a stamp as a FITS file, BITPIX -32, not compressed: one HDU, or one for each of several images. Packets of ZTF carry it
 * gzipped, which is left to the caller; Rubin's carry it as it is, with the variance and a model of a point source.
 *
 * @param stamp - the image, or several, the stamp itself first; NaN is written as NaN; `name` as EXTNAME, in printable ASCII, and
 * `wcs` as CRPIX, CRVAL and CD, where they are
 * @returns the file, a multiple of 2880 bytes
 * @throws RangeError if the pixels are not width times height, and for no image
 *
 * Source: FITS standard 4.0, sections 3.3, 3.4, 4.4.1 and 8.1.
 *
 * @example
 * ```ts
 * import { writeFits } from "@btsbot/cutout";
 *
 * writeFits({ width: 63, height: 63, pixels: new Float32Array(3969) }).length; // => 20160
 * ```
 */
export function writeFits(stamp: StampImage | readonly StampImage[]): Uint8Array {
  const images = "pixels" in stamp ? [stamp] : stamp;
  if (images.length === 0) throw new RangeError("stamp: expected an image, or several, got none");
  return joinBytes(images.map((image, place) => writePart(image, place > 0)));
}

function writePart(image: StampImage, isExtension: boolean): Uint8Array {
  checkStamp(image);
  const { width, height, pixels, name, wcs } = image;
  const header = [
    isExtension ? card("XTENSION", quote("IMAGE")) : card("SIMPLE", "T"),
    card("BITPIX", "-32"),
    card("NAXIS", "2"),
    card("NAXIS1", `${width}`),
    card("NAXIS2", `${height}`),
    ...(isExtension ? [card("PCOUNT", "0"), card("GCOUNT", "1")] : []),
    ...(name === undefined ? [] : [card("EXTNAME", quote(name))]),
    ...(wcs === undefined ? [] : wcsCards(wcs)),
    "END",
  ]
    .map((text) => text.padEnd(FITS_CARD_BYTES))
    .join("");
  const start = toBlocks(header.length);
  const bytes = new Uint8Array(start + toBlocks(pixels.length * FLOAT32_BYTES));
  bytes.fill(" ".charCodeAt(0), 0, start);
  for (let at = 0; at < header.length; at += 1) bytes[at] = header.charCodeAt(at);
  const view = new DataView(bytes.buffer, start);
  pixels.forEach((value, index) => {
    view.setFloat32(index * FLOAT32_BYTES, value, false);
  });
  return bytes;
}

function wcsCards({ pixel, sky, matrix }: NonNullable<StampImage["wcs"]>): string[] {
  return [
    ...pixel.map((value, axis) => card(`CRPIX${axis + 1}`, `${value}`)),
    ...sky.map((value, axis) => card(`CRVAL${axis + 1}`, `${value}`)),
    ...matrix.map((value, place) => card(`CD${place < 2 ? 1 : 2}_${(place % 2) + 1}`, `${value}`.toUpperCase())),
  ];
}

function toBlocks(length: number): number {
  return Math.ceil(length / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES;
}

/** A text has quotes around, 8 letters at least, section 4.2.1. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
}

/** Fixed format: the value ends in column 30, section 4.2. */
function card(keyword: string, value: string): string {
  return `${keyword.padEnd(8)}= ${value.padStart(20)}`;
}
