import { damaged } from "./parquetErrors.js";

/** Values beyond those of a page that its last run may claim: writers fill up groups of eight, some many of them. */
const PADDING = 512;

/**
 * Walks the run-length encoding of levels or of places in a dictionary, so that no run is longer than its page: the
 * library that reads them writes out whatever a run claims.
 *
 * Source: Encodings.md of apache/parquet-format, "Run Length Encoding / Bit-Packing Hybrid".
 *
 * @param bytes - the runs
 * @param width - bits of a value
 * @param count - values of the page
 * @param counted - the value that is counted
 * @returns how many of the page's values are `counted`
 * @throws BtsbotError `archive-invalid`
 *
 * @internal
 */
export function checkRuns(bytes: Uint8Array, width: number, count: number, counted: number): number {
  let [at, seen, found] = [0, 0, 0];
  const size = (width + 7) >> 3;
  while (seen < count) {
    let [head, scale] = [0, 1];
    for (; ; scale *= 128) {
      if (at >= bytes.length || scale > 2 ** 28) throw damaged("the runs of a page end early");
      head += (bytes[at] & 127) * scale;
      if (bytes[at++] < 128) break;
    }
    const isPacked = head % 2 === 1;
    const length = isPacked ? (head >>> 1) * 8 : head >>> 1;
    if (length === 0 || length > count - seen + PADDING) throw damaged("a run is longer than its page");
    const used = Math.min(length, count - seen);
    if (isPacked) {
      found += countPacked(bytes, at, width, used, counted);
      at += (head >>> 1) * width;
    } else {
      let value = 0;
      for (let i = 0; i < size; i += 1) value += bytes[at + i] * 2 ** (8 * i);
      if (value === counted) found += used;
      at += size;
    }
    // What pads the last run may be left out.
    if (at > bytes.length + PADDING) throw damaged("the runs of a page end early");
    seen += length;
  }
  return found;
}

function countPacked(bytes: Uint8Array, start: number, width: number, count: number, counted: number): number {
  // Levels have few bits. Of others nothing is counted.
  if (width > 8) return 0;
  let found = 0;
  for (let i = 0, bit = start * 8; i < count; i += 1, bit += width) {
    const at = bit >> 3;
    const pair = bytes[at] | (bytes[at + 1] << 8);
    if (((pair >> (bit & 7)) & ((1 << width) - 1)) === counted) found += 1;
  }
  return found;
}
