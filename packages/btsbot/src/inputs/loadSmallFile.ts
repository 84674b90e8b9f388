import { close, open, read } from "node:fs";
import type { PathLike } from "node:fs";

/** A packet of the survey has 50 to 100 kB. */
export const MOST_BYTES_WHOLE = 1 << 20;

/**
 * The bytes of a regular file whose size is known. By callbacks, and without a question more: what `node:fs/promises` does
 * around each costs as much as a tenth of a score.
 *
 * @returns all its bytes; undefined where it cannot be read, or has another size by now: who streams it finds out why
 *
 * @internal
 */
export function loadSmallFile(at: PathLike, size: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    open(at, (failure, file) => {
      if (failure) return resolve(undefined);
      // A byte more shows that it has grown.
      const bytes = new Uint8Array(size + 1);
      read(file, bytes, 0, size + 1, 0, (error, count) => {
        close(file, () => undefined);
        resolve(error || count !== size ? undefined : bytes.subarray(0, size));
      });
    });
  });
}
