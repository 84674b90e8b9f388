import { decodeBase64 } from "./base64.js";

/**
 * Reads bytes from what JSON and database drivers make of them: a Uint8Array or another view, an
 * ArrayBuffer, base64, `{"$binary": "…"}` or `{"$binary": {"base64": "…"}}`, the `Binary` of MongoDB's
 * driver, `{"type": "Buffer", "data": […]}`, or an array of numbers.
 *
 * @returns the bytes, or undefined if the value is not bytes
 */
export function readBinary(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return decodeBase64(value);
  if (typeof value !== "object" || value === null) return undefined;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (Array.isArray(value)) return value.every(isByte) ? Uint8Array.from(value) : undefined;
  const { $binary, type, data, buffer, position } = value as Readonly<Record<string, unknown>>;
  if (typeof $binary === "string") return decodeBase64($binary);
  if (typeof $binary === "object" && $binary !== null) {
    const { base64 } = $binary as { readonly base64?: unknown };
    return typeof base64 === "string" ? decodeBase64(base64) : undefined;
  }
  if (type === "Buffer" && Array.isArray(data)) return readBinary(data);
  if (ArrayBuffer.isView(buffer)) {
    const bytes = readBinary(buffer);
    // BSON's Binary: its buffer may be longer than what was put in.
    return typeof position === "number" ? bytes?.subarray(0, position) : bytes;
  }
  return undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
