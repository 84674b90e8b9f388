import { open, realpath, rename, rm, stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { temporaryPath } from "./temporaryPath.js";
import { toFileError } from "./toFileError.js";

/** The bits of a mode that say who may do what. */
const PERMISSIONS = 0o777;

/** What a file is made of: all at once, or part by part. */
export type FileContent = Uint8Array | string | Iterable<Uint8Array | string>;

/**
 * Writes a file so that nobody, and no loss of power, sees it half-written: under another name beside it, to the
 * disk, then renamed. What was there before stays until then, and stays if this fails; its owner and rights are kept. A device or a pipe, which
 * cannot be renamed over, is written to.
 *
 * @param path - the file; a link to one is followed
 * @param content - bytes, or text that is written as UTF-8, whole or in parts
 * @throws BtsbotError `disk-full` or `folder-unwritable`
 *
 * @example
 * ```ts
 * import { placeFile } from "@btsbot/tables";
 *
 * await placeFile("/nonexistent/a.txt", "text").catch(({ code }) => code); // => "folder-unwritable"
 * ```
 */
export async function placeFile(path: string, content: FileContent): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const before = await stat(target).catch(() => undefined);
    if (before !== undefined && !before.isFile() && !before.isDirectory()) await fill(target, content, false);
    else await replace(target, content, before);
  } catch (error) {
    throw toFileError(error, path, { doing: "write" });
  }
}

async function replace(path: string, content: FileContent, before: Stats | undefined): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await fill(temporary, content, true, before);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function fill(path: string, content: FileContent, isNew: boolean, before?: Stats): Promise<void> {
  const mode = before && before.mode & PERMISSIONS;
  const file = await open(path, isNew ? "wx" : "w", mode);
  try {
    if (before !== undefined && mode !== undefined) {
      // Only root may give a file to somebody else; whoever else may write here makes it their own.
      await file.chown(before.uid, before.gid).catch(() => undefined);
      // When a file is made, the process's mask takes rights away.
      await file.chmod(mode);
    }
    for (const part of typeof content === "string" || content instanceof Uint8Array ? [content] : content)
      await write(file, typeof part === "string" ? new TextEncoder().encode(part) : part);
    // Devices have nothing to be synced.
    if (isNew) await file.sync();
  } finally {
    await file.close();
  }
}

/** A disk that is nearly full takes a part of the bytes, and says so by their number alone. */
async function write(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}

/** So that the new name, too, is on the disk. Where folders cannot be opened or flushed, as on Windows, the system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
