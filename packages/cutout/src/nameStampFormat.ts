/** First bytes of what has been met, or could be, where a stamp should stand. */
const SIGNATURES: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  // "SIMPLE"
  ["FITS", [0x53, 0x49, 0x4d, 0x50, 0x4c, 0x45]],
  ["JPEG", [0xff, 0xd8, 0xff]],
  ["PNG", [0x89, 0x50, 0x4e, 0x47]],
  ["GIF", [0x47, 0x49, 0x46, 0x38]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/**
 * What a file is by its first bytes: a format's name, or the bytes themselves.
 *
 * @internal
 */
export function nameStampFormat(bytes: Uint8Array): string {
  for (const [name, signature] of SIGNATURES) if (startsWith(bytes, signature)) return name;
  if (bytes.length === 0) return "no bytes";
  return `bytes ${[...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  for (let index = 0; index < signature.length; index += 1) if (bytes[index] !== signature[index]) return false;
  return true;
}
