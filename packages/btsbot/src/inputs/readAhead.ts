import type { AlertFile } from "./listInputs.js";

/** Files that are read ahead of the one whose turn it is: a disk that takes its time serves several at once. */
const AHEAD = 16;

/**
 * A file, and all its bytes where it is a small one.
 *
 * @internal
 */
export interface LoadedFile {
  readonly file: AlertFile;
  /** Absent where the file is read as it streams. */
  readonly bytes?: Uint8Array;
}

/**
 * Gives files in order. Small ones are read whole, ahead of their turn, so that nothing waits for a disk; no more of them at once than a few.
 *
 * @internal
 */
export async function* readAhead(files: Iterable<AlertFile>): AsyncGenerator<LoadedFile, void, undefined> {
  const loading: Promise<LoadedFile>[] = [];
  for (const file of files) {
    loading.push(load(file));
    if (loading.length > AHEAD) yield await loading.shift()!;
  }
  for (const each of loading) yield await each;
}

async function load(file: AlertFile): Promise<LoadedFile> {
  const bytes = await file.load?.();
  return { file, ...(bytes && { bytes }) };
}
