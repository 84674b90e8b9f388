const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The six bits of a character code, or 255. */
const BITS = new Uint8Array(128).fill(255);
for (let i = 0; i < 64; i++) BITS[LETTERS.charCodeAt(i)] = i;

/** Characters turned into a string at a time: bounds the arguments of a call. */
const CHUNK = 8192;

/** Bytes to base64 (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(61);
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    for (let digit = 0; digit < Math.min(left, 3) + 1; digit++) {
      codes[at + digit] = LETTERS.charCodeAt((word >> (18 - 6 * digit)) & 63);
    }
    at += 4;
  }
  let text = "";
  for (let i = 0; i < codes.length; i += CHUNK) text += String.fromCharCode(...codes.subarray(i, i + CHUNK));
  return text;
}

/**
 * Base64 to bytes. White space is skipped, as encoders for mail put line breaks in.
 *
 * @returns the bytes, or undefined if the text is not base64
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const packed = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  if (packed.length % 4 !== 0) return undefined;
  const padding = packed.endsWith("==") ? 2 : packed.endsWith("=") ? 1 : 0;
  const letters = packed.length - padding;
  const bytes = new Uint8Array((packed.length / 4) * 3 - padding);
  let word = 0;
  for (let i = 0, at = 0; i < letters; i++) {
    const bits = BITS[packed.charCodeAt(i)] ?? 255;
    if (bits === 255) return undefined;
    word = (word << 6) | bits;
    if (i % 4 !== 0) bytes[at++] = (word >> (6 - 2 * (i % 4))) & 255;
  }
  return bytes;
}
