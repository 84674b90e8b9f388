import { closeSync, openSync, read, readSync } from "node:fs";
import type { PathLike } from "node:fs";

/** A packet of the survey has 50 to 100 kB. */
export const MOST_BYTES_WHOLE = 1 << 20;

/** From memory a packet is read in a twentieth of this, ms; what takes longer waits for a disk, or for a network. */
const SLOW_MS = 1;
/** So many files are left to other threads after a slow one: a folder's files lie on one disk. */
const LEFT_TO_THREADS = 64;

/** How many of the next files are left to other threads: it is the disk that is slow, whoever asks. */
let slow = 0;

/**
 * The bytes of a regular file whose size is known. What the system has in memory is read at once: the way to another
 * thread and back costs several times as much, a tenth of a score. Once a file was waited for, the next are left to other
 * threads, several at a time. Of an inode that was just asked about, opening waits for nothing.
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
    const end = (error: unknown, count: number): void => {
      closeSync(file);
      resolve(error !== null || count !== size ? undefined : bytes.subarray(0, size));
    };
    if (slow > 0) {
      slow -= 1;
      return read(file, bytes, 0, size + 1, 0, end);
    }
    const start = performance.now();
    let [count, failure]: [number, unknown] = [0, null];
    try {
      count = readSync(file, bytes, 0, size + 1, 0);
    } catch (error) {
      failure = error;
    }
    end(failure, count);
    if (performance.now() - start > SLOW_MS) slow = LEFT_TO_THREADS;
  });
}
