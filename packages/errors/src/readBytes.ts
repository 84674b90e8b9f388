import { BtsbotError } from "./BtsbotError.js";
import { toBytes } from "./toBytes.js";

/**
 * The bytes of whatever holds them, a `Blob` (a browser's file, the body of a response) included, which takes time to
 * read: {@link toBytes} is for all else.
 *
 * @param input - anything
 * @returns its bytes; undefined if it holds none
 * @throws BtsbotError `file-unreadable` for a file that is gone, was changed, or may not be read
 *
 * @example
 * ```ts
 * import { readBytes } from "@btsbot/errors";
 *
 * await readBytes(new Blob(["ab"])); // => new Uint8Array([97, 98])
 * await readBytes("ab"); // => undefined
 * ```
 */
export async function readBytes(input: unknown): Promise<Uint8Array | undefined> {
  if (!isBlob(input)) return toBytes(input);
  try {
    return new Uint8Array(await input.arrayBuffer());
  } catch (cause) {
    throw new BtsbotError("file-unreadable", "the file cannot be read", { got: String(cause), cause });
  }
}

function isBlob(input: unknown): input is Blob {
  return /^\[object (?:Blob|File)\]$/.test(Object.prototype.toString.call(input));
}
