import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { toFileError } from "./toFileError.js";

/**
 * Makes a folder and those above it that are absent; one that is there is fine.
 *
 * Node's own recursive `mkdir` never returns where a folder that is there says ENOENT to what is made in it, as `/proc` does.
 *
 * @param path - the folder
 * @param summary - what is wrong if it cannot be made, in a few words
 * @throws BtsbotError `folder-unwritable`, `disk-full`
 *
 * @example
 * ```ts
 * import { makeFolder } from "@btsbot/tables";
 *
 * await makeFolder("/proc/none/at/all").catch(({ code }) => code); // => "folder-unwritable"
 * ```
 */
export async function makeFolder(path: string, summary = "the folder cannot be written"): Promise<void> {
  try {
    await make(path);
  } catch (error) {
    throw toFileError(error, path, { doing: "write", summary });
  }
}

async function make(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await make(parent);
  await mkdir(path).catch(async (error: unknown) => {
    // Another process may have made it in between.
    if (!(await isFolder(path))) throw error;
  });
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
