/**
 * Three bytes of snappy give 64 at most; what claims a higher ratio lies.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
const MAX_RATIO = 22;

/**
 * Unpacks raw snappy, as blocks of Avro and pages of Parquet are packed. Our own, as is `packSnappy`; `snappyjs` and what
 * was made of it walk backwards, without end, on a literal whose 32-bit length is negative.
 *
 * @param packed - the bytes, without a frame or a checksum
 * @param check - is given the claimed length before anything is allocated, and may throw
 * @returns the plain bytes, or undefined if the input is damaged
 *
 * Source: https://github.com/google/snappy/blob/main/format_description.txt
 *
 * @example
 * ```ts
 * import { unsnappy } from "@btsbot/alert";
 *
 * // Three bytes, as they are.
 * unsnappy(Uint8Array.of(3, 2 << 2, 7, 8, 9), () => undefined); // => Uint8Array.of(7, 8, 9)
 * unsnappy(Uint8Array.of(3, 2 << 2, 7, 8), () => undefined); // => undefined
 * ```
 */
export function unsnappy(packed: Uint8Array, check: (claimed: number) => void): Uint8Array | undefined {
  let claimed = 0;
  let pos = 0;
  for (let scale = 1; ; scale *= 128) {
    if (pos === packed.length || pos === 5) return undefined;
    const byte = packed[pos++];
    claimed += (byte & 127) * scale;
    if (byte < 128) break;
  }
  check(claimed);
  if (claimed > packed.length * MAX_RATIO) return undefined;
  const plain = new Uint8Array(claimed);
  return fill(plain, packed, pos) ? plain : undefined;
}

/** Runs the literals and copies of `packed` from `pos`; false if they do not fill `plain` exactly. */
function fill(plain: Uint8Array, packed: Uint8Array, pos: number): boolean {
  let at = 0;
  while (pos < packed.length) {
    const tag = packed[pos++];
    const kind = tag & 3;
    let length = (tag >>> 2) + 1;
    if (kind === 0) {
      if (length > 60) {
        const extra = length - 60;
        if (pos + extra > packed.length) return false;
        length = littleEndian(packed, pos, extra) + 1;
        pos += extra;
      }
      if (length > packed.length - pos || length > plain.length - at) return false;
      plain.set(packed.subarray(pos, pos + length), at);
      pos += length;
    } else {
      const extra = kind === 3 ? 4 : kind;
      if (pos + extra > packed.length) return false;
      let offset = littleEndian(packed, pos, extra);
      pos += extra;
      if (kind === 1) {
        length = ((tag >>> 2) & 7) + 4;
        offset += (tag >>> 5) << 8;
      }
      if (offset === 0 || offset > at || length > plain.length - at) return false;
      // Byte by byte: the copy may overlap what it writes.
      for (let i = 0; i < length; i++) plain[at + i] = plain[at - offset + i];
    }
    at += length;
  }
  return at === plain.length;
}

function littleEndian(bytes: Uint8Array, pos: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[pos + i];
  return value;
}
