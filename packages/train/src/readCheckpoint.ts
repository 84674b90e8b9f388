import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { toFileError } from "@btsbot/tables";
import { decodeState } from "./encodeState.js";
import type { TrainingState } from "./fitTypes.js";

/**
 * Reads where training stood.
 *
 * @param path - a file of `writeCheckpoint`
 * @returns the state, to be given to `fitModel` as `resume`; undefined if there is no such file
 * @throws BtsbotError `resume-invalid` for a damaged file, `file-unreadable`
 *
 * @example
 * ```ts
 * import { readCheckpoint } from "@btsbot/train";
 *
 * await readCheckpoint("/nonexistent"); // => undefined
 * ```
 */
export async function readCheckpoint(path: string): Promise<TrainingState | undefined> {
  try {
    return await decodeState(await readFile(path), path);
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === undefined) throw cause;
    throw toFileError(cause, path, { doing: "read" });
  }
}
