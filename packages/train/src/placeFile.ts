import { open, rename, rm } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";

/** No room: the file system is full, or the user's share of it. */
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/**
 * Writes a file so that nobody, and no loss of power, sees it half-written: into a temporary file beside
 * it, flushed, which is then renamed. What was there before stays until then.
 *
 * @throws BtsbotError `disk-full` or `folder-unwritable`
 * @internal
 */
export async function placeFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw toFileError(error, path);
  }
}

/**
 * What the file system throws on writing, as an error of the registry; anything else comes back as it is.
 *
 * @internal
 */
export function toFileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof BtsbotError || typeof code !== "string") return error;
  if (FULL.has(code))
    return new BtsbotError("disk-full", "no room left; what was there before is as it was", {
      path,
      got: code,
      cause: error,
    });
  return new BtsbotError("folder-unwritable", "the file cannot be written", { path, got: code, cause: error });
}
