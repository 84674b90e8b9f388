import { readNumber } from "../json/readNumber.js";

/** Bytes of a header or data block, and of a card, FITS standard 4.0, sections 3.1 and 4.1. */
const [BLOCK_BYTES, CARD_BYTES] = [2880, 80];
const FLOAT32_BYTES = 4;
/** Rows and columns of the largest image that is taken for a stamp, as in `readFits` of @btsbot/cutout. */
const MAX_SIDE = 1024;

/**
 * Writes a stamp that came as a list of rows, as Fink's API sends it, as the FITS image that it was: float32,
 * not compressed. Row 0 is the first row of the image. What is null was NaN, which JSON does not have.
 *
 * @returns the file; undefined if the value is not a list of rows of equal length, of numbers
 *
 * Source: FITS standard 4.0, sections 3.3 and 4.4.1.
 */
export function rowsToFits(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || !Array.isArray(value[0])) return undefined;
  const rows = value as readonly unknown[];
  const [width, height] = [value[0].length, rows.length];
  if (width < 1 || Math.max(width, height) > MAX_SIDE) return undefined;
  const bytes = new Uint8Array(BLOCK_BYTES * (1 + Math.ceil((width * height * FLOAT32_BYTES) / BLOCK_BYTES)));
  new TextEncoder().encodeInto(header(width, height), bytes);
  const view = new DataView(bytes.buffer, BLOCK_BYTES);
  for (const [y, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== width) return undefined;
    for (const [x, given] of (row as readonly unknown[]).entries()) {
      const pixel = given === null ? NaN : readNumber(given);
      if (pixel === undefined) return undefined;
      view.setFloat32((y * width + x) * FLOAT32_BYTES, pixel);
    }
  }
  return bytes;
}

function header(width: number, height: number): string {
  const values = { SIMPLE: "T", BITPIX: -32, NAXIS: 2, NAXIS1: width, NAXIS2: height };
  // Fixed format: the value ends in column 30, section 4.2.
  const cards = Object.entries(values).map(([name, value]) => `${name.padEnd(8)}= ${`${value}`.padStart(20)}`);
  return [...cards, "END"]
    .map((card) => card.padEnd(CARD_BYTES))
    .join("")
    .padEnd(BLOCK_BYTES);
}
