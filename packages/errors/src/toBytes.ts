/** What holds bytes at once: a `Uint8Array` (Node's `Buffer` is one), a `DataView`, or an `ArrayBuffer`. */
export type Bytes = Uint8Array | DataView | ArrayBuffer;

/**
 * Takes whatever holds bytes as a plain `Uint8Array` on the same memory; also what was made in another realm (a frame,
 * a test runner's context), which `instanceof` does not know.
 *
 * @param input - anything
 * @returns its bytes, not copied, none of what was transferred elsewhere; undefined if it holds none, as an array of wider numbers, a string or a `Blob`
 *
 * @example
 * ```ts
 * import { toBytes } from "@btsbot/errors";
 *
 * toBytes(new DataView(new ArrayBuffer(8), 2, 3)); // => new Uint8Array(3)
 * toBytes("text"); // => undefined
 * ```
 */
export function toBytes(input: unknown): Uint8Array | undefined {
  // Wider numbers are values, not bytes: whose order would depend on the machine.
  const isView = ArrayBuffer.isView(input) && (input instanceof DataView || BYTE_VIEWS.test(tagOf(input)));
  if (!isView && tagOf(input) !== "ArrayBuffer") return undefined;
  try {
    if (!isView) return new Uint8Array(input as ArrayBuffer);
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  } catch (error) {
    // What was transferred elsewhere, or has shrunk, says so by throwing.
    if (error instanceof TypeError) return new Uint8Array(0);
    throw error;
  }
}

const BYTE_VIEWS = /^(?:Uint8|Int8|Uint8Clamped)Array$|^DataView$/;

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
