import { BtsbotError, readBytes } from "@btsbot/errors";

/**
 * The bytes of a file that is given in whatever holds them.
 *
 * @throws BtsbotError `input-invalid` if it holds none; `file-unreadable` for a Blob that cannot be read
 *
 * @internal
 */
export async function fileBytes(input: unknown, path: string): Promise<Uint8Array> {
  const bytes = await readBytes(input);
  if (bytes !== undefined) return bytes;
  throw new BtsbotError("input-invalid", "these are not the bytes of a file", {
    path,
    expected: "a Uint8Array, a DataView, an ArrayBuffer or a Blob",
    got: Object.prototype.toString.call(input).slice(8, -1),
  });
}
