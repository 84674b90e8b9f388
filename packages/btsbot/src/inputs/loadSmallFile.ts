import { closeSync, openSync, read } from "node:fs";
import type { PathLike } from "node:fs";

/** A packet of the survey has 50 to 100 kB. */
export const MOST_BYTES_WHOLE = 1 << 20;

/**
 * The bytes of a regular file whose size is known. Only what may wait for a disk is left to another thread: each way there and
 * back costs as much as a twentieth of a score, and of an inode that was just asked about, opening waits for nothing.
 *
 * @returns all its bytes; undefined where it cannot be read, or has another size by now: who streams it finds out why
 *
 * @internal
 */
export function loadSmallFile(at: PathLike, size: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    let file: number;
    try {
      file = openSync(at, "r");
    } catch {
      return resolve(undefined);
    }
    // A byte more shows that it has grown.
    const bytes = new Uint8Array(size + 1);
    read(file, bytes, 0, size + 1, 0, (error, count) => {
      closeSync(file);
      resolve(error || count !== size ? undefined : bytes.subarray(0, size));
    });
  });
}
