import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { checkFileName } from "./checkName.js";
import { fileError } from "./fileError.js";
import { startWork } from "./workFiles.js";

/** What a file system answers when a folder is renamed to one that is there and not empty. */
const OCCUPIED = new Set(["ENOTEMPTY", "EEXIST", "EPERM"]);

/**
 * Writes files into a folder so that nobody sees them half-written: into a temporary folder beside it,
 * which is then renamed. Where the folder is there already, the files are renamed into it one by one, the
 * first of them last: name first the one that readers open first.
 *
 * @returns the paths of the files
 * @throws BtsbotError `disk-full`, or the code given; `model-invalid` for a file name with a folder in it
 *
 * @internal
 */
export async function placeFiles(
  files: ReadonlyMap<string, Uint8Array>,
  folder: string,
  unwritable: "cache-unwritable" | "folder-unwritable",
): Promise<string[]> {
  for (const name of files.keys()) checkFileName(name);
  const target = resolve(folder);
  const work = await startWork(dirname(target), basename(target), "tmp").catch((error: unknown) => {
    throw fileError(error, target, unwritable);
  });
  const temporary = work.path;
  try {
    await mkdir(temporary);
    for (const [name, bytes] of files) await writeFile(join(temporary, name), bytes, { flush: true });
    await rename(temporary, target).catch(async (error: NodeJS.ErrnoException) => {
      if (!OCCUPIED.has(error.code ?? "")) throw error;
      for (const name of [...files.keys()].reverse()) await rename(join(temporary, name), join(target, name));
    });
  } catch (error) {
    throw fileError(error, target, unwritable);
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    await work.end();
  }
  return [...files.keys()].map((name) => join(folder, name));
}
