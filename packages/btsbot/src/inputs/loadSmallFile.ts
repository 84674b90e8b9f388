import { readFile, stat } from "node:fs";
import type { PathLike, Stats } from "node:fs";
import { promisify } from "node:util";

/** A packet of the survey has 50 to 100 kB. */
const MOST_BYTES = 1 << 20;

/** By callback: what `node:fs/promises` does around each costs as much as a tenth of a score. */
const [statFile, readWhole] = [
  promisify((at: PathLike, done: (error: Error | null, info: Stats) => void) => stat(at, done)),
  promisify((at: PathLike, done: (error: Error | null, bytes: Uint8Array) => void) => readFile(at, done)),
];

/**
 * The bytes of a small regular file; undefined for anything else, and for one that cannot be read: who opens it says why.
 *
 * @internal
 */
export async function loadSmallFile(at: PathLike): Promise<Uint8Array | undefined> {
  try {
    const info = await statFile(at);
    // A pipe would be waited for.
    return info.isFile() && info.size <= MOST_BYTES ? await readWhole(at) : undefined;
  } catch {
    return undefined;
  }
}
