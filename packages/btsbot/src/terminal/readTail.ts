import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * The last bytes of a file that is open for writing alone; undefined where there is no file, or none that can be read.
 *
 * @internal
 */
export function readTail(fd: number, most: number): Uint8Array | undefined {
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) return undefined;
    // By this name it can be opened again.
    const file = openSync(`/dev/fd/${fd}`, "r");
    try {
      const bytes = new Uint8Array(Math.min(found.size, most));
      const count = readSync(file, bytes, 0, bytes.length, found.size - bytes.length);
      return count === bytes.length ? bytes : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
