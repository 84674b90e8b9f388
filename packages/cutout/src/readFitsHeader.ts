import { BtsbotError, countOf } from "@btsbot/errors";

/** Bytes of a header or data block, FITS standard 4.0, section 3.1. */
export const FITS_BLOCK_BYTES = 2880;
/** Bytes of a card, section 4.1. */
export const FITS_CARD_BYTES = 80;
/** Cards read before a header without END is given up: 100 blocks, where the survey's have one. */
const MAX_CARDS = 3600;

/** For bytes that are checked: a byte is a character, whatever it is. */
const ascii = new TextDecoder("latin1");

/** A header: the text of each card's value by keyword, and where the data begin. */
export interface FitsHeader {
  readonly values: ReadonlyMap<string, string>;
  readonly dataOffset: number;
}

/**
 * Reads the header of the primary HDU. Values stay text; comments are cut off; of a keyword that stands
 * twice the first counts.
 *
 * @internal
 */
export function readFitsHeader(bytes: Uint8Array): FitsHeader {
  const values = new Map<string, string>();
  let block = "";
  for (let card = 0; card < MAX_CARDS; card += 1) {
    const start = card * FITS_CARD_BYTES;
    if (start + FITS_CARD_BYTES > bytes.length) {
      throw new BtsbotError("stamp-truncated", "the FITS header ends before its END card", {
        got: countOf(bytes.length, "byte"),
      });
    }
    // A block at a time: strings of one card each would be most of what reading a stamp leaves to the collector.
    const at = start % FITS_BLOCK_BYTES;
    if (at === 0) block = ascii.decode(bytes.subarray(start, start + FITS_BLOCK_BYTES));
    checkText(bytes, start, start + 8);
    const keyword = block.slice(at, at + 8).trimEnd();
    if (keyword === "END")
      return { values, dataOffset: Math.ceil(((card + 1) * FITS_CARD_BYTES) / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES };
    // "= " in columns 9 and 10 marks a value, section 4.1.2; all else is commentary.
    if (bytes[start + 8] !== 0x3d || bytes[start + 9] !== 0x20 || values.has(keyword)) continue;
    checkText(bytes, start + 10, start + FITS_CARD_BYTES);
    values.set(keyword, cutComment(block.slice(at + 10, at + FITS_CARD_BYTES)));
  }
  throw new BtsbotError("fits-header-invalid", "the FITS header has no END card", { got: `${MAX_CARDS} cards` });
}

/** Section 4.1: a header holds printable ASCII alone. Anything else is not a header: pixels, most likely. */
function checkText(bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const code = bytes[at];
    if (code < 0x20 || code > 0x7e) {
      throw new BtsbotError(
        "fits-header-invalid",
        "the FITS header holds a byte that is not text, or lacks its END card",
        {
          expected: "printable ASCII",
          got: `0x${code.toString(16).padStart(2, "0")} at offset ${at}`,
        },
      );
    }
  }
}

/** A slash begins a comment, but not within a quoted text. */
function cutComment(value: string): string {
  if (value.trimStart().startsWith("'")) return value.trim();
  return value.split("/", 1)[0].trim();
}
