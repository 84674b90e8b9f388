import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import type { PublishedModel } from "./types.js";
import { verifyArchive } from "./verifyArchive.js";

/** What a file system answers for a file, or a folder above it, that is not there. */
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

/**
 * Reads a published file from a local mirror: laid out by model family, or flat.
 *
 * @throws BtsbotError `mirror-missing`, `checksum-mismatch`
 *
 * @internal
 */
export async function readMirror(model: PublishedModel, folder: string): Promise<Uint8Array> {
  const paths = [join(folder, model.mirrorPath), join(folder, basename(model.mirrorPath))];
  const reasons: string[] = [];
  for (const path of paths) {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      reasons.push(ABSENT.has(error.code ?? "") ? "no such file" : (error.code ?? error.message));
    });
    if (bytes === undefined) continue;
    verifyArchive(bytes, model, path, "The mirror's file is damaged or another version; nothing was written.");
    return bytes;
  }
  throw new BtsbotError("mirror-missing", "the mirror does not have this model's file", {
    path: folder,
    expected: paths.join(" or "),
    got: [...new Set(reasons)].join(", "),
  });
}
