import { readFile, stat } from "node:fs/promises";

/**
 * Reads a file, or what a link to one leads to. A pipe or a device in its place would keep who reads it waiting for
 * ever, or give bytes without end.
 *
 * @throws what the file system says; an Error for a pipe or a device
 *
 * @internal
 */
export async function readRegular(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  // A folder has its own error, which says so.
  if (!found.isFile() && !found.isDirectory()) throw new Error("a pipe or a device, not a file");
  return readFile(path);
}
