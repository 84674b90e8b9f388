/**
 * SHA-256 of bytes.
 *
 * @param bytes - what to hash
 * @returns 64 hexadecimal digits; undefined where the platform has no Web Crypto (a page that was not
 * served over https or from the same machine)
 *
 * @example
 * ```ts
 * import { hashBytes } from "@btsbot/model";
 *
 * (await hashBytes(new Uint8Array(0)))?.slice(0, 8); // => "e3b0c442"
 * ```
 */
export async function hashBytes(bytes: Uint8Array): Promise<string | undefined> {
  // Typed as always there, absent outside secure contexts.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) return undefined;
  const digest = await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
