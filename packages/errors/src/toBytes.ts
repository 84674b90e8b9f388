/** What holds bytes at once: a `Uint8Array` (Node's `Buffer` is one), a `DataView`, or an `ArrayBuffer`. */
export type Bytes = Uint8Array | DataView | ArrayBuffer;

/**
 * Takes whatever holds bytes as a plain `Uint8Array` on the same memory; also what was made in another realm (a frame,
 * a test runner's context), which `instanceof` does not know.
 *
 * @param input - anything
 * @returns its bytes, not copied; undefined if it holds none, as an array of wider numbers, a string or a `Blob`
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
  if (ArrayBuffer.isView(input)) {
    // Wider numbers are values, not bytes: whose order would depend on the machine.
    const isBytes = input instanceof DataView || /^(?:Uint8|Int8|Uint8Clamped)Array$|^DataView$/.test(tagOf(input));
    return isBytes ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : undefined;
  }
  return tagOf(input) === "ArrayBuffer" ? new Uint8Array(input as ArrayBuffer) : undefined;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
