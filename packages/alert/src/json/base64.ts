const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The six bits of a character (RFC 4648, section 4); above 63 for any other. */
const BITS = new Uint8Array(256).fill(255);
for (let i = 0; i < 64; i++) BITS[LETTERS.charCodeAt(i)] = i;
const [NO_BITS, EQUALS] = [0xc0, 0x3d];
/** The two characters that the alphabet for addresses has in place of others (section 5). */
const STANDARD: Readonly<Record<number, number>> = { 0x2d: 0x2b, 0x5f: 0x2f };

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
  return packed.length % 4 === 0 ? decodeLetters(new TextEncoder().encode(packed)) : undefined;
}

/**
 * The characters of base64, as bytes, to what they stand for, in either alphabet (RFC 4648, sections 4 and 5). The padding may be left
 * off.
 *
 * @returns the bytes, or undefined if the characters are not base64
 */
export function decodeLine(codes: Uint8Array): Uint8Array | undefined {
  return decodeLetters(codes) ?? decodeLetters(codes.map((code) => STANDARD[code] ?? code));
}

function decodeLetters(codes: Uint8Array): Uint8Array | undefined {
  let letters = codes.length;
  while (letters > codes.length - 2 && codes[letters - 1] === EQUALS) letters -= 1;
  if (letters % 4 === 1 || (letters < codes.length && codes.length % 4 !== 0)) return undefined;
  const bytes = new Uint8Array(Math.floor((letters * 3) / 4));
  let [i, at, all] = [0, 0, 0];
  for (; i + 4 <= letters; i += 4, at += 3) {
    const [a, b, c, d] = [BITS[codes[i]], BITS[codes[i + 1]], BITS[codes[i + 2]], BITS[codes[i + 3]]];
    all |= a | b | c | d;
    bytes[at] = (a << 2) | (b >> 4);
    bytes[at + 1] = (b << 4) | (c >> 2);
    bytes[at + 2] = (c << 6) | d;
  }
  let word = 0;
  for (const from = i; i < letters; i++) {
    const bits = BITS[codes[i]];
    all |= bits;
    word = (word << 6) | bits;
    if (i > from) bytes[at++] = word >> (6 - 2 * (i - from));
  }
  return (all & NO_BITS) === 0 ? bytes : undefined;
}
