import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import { readRegular } from "./readRegular.js";
import type { PublishedFile } from "./types.js";
import { verifyFile } from "./verifyFile.js";

/** What a file system answers for a file, or a folder above it, that is not there. */
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

/**
 * Reads a published file from a local mirror: laid out by model family, a family's folder, or flat.
 *
 * @throws BtsbotError `mirror-missing`, `checksum-mismatch`
 *
 * @internal
 */
export async function readMirror(file: PublishedFile, folder: string): Promise<Uint8Array> {
  // The longest path first: several models have a file of one name, such as model.index.
  const parts = file.mirrorPath.split("/");
  const paths = parts.map((_, place) => join(folder, ...parts.slice(place)));
  const reasons: string[] = [];
  for (const path of paths) {
    const bytes = await readRegular(path).catch((error: NodeJS.ErrnoException) => {
      reasons.push(ABSENT.has(error.code ?? "") ? "no such file" : (error.code ?? error.message));
    });
    if (bytes === undefined) continue;
    verifyFile(bytes, file, path, "The mirror's file is damaged or another version; nothing was written.");
    return bytes;
  }
  throw new BtsbotError("mirror-missing", "the mirror does not have this file", {
    path: folder,
    expected: paths.join(" or "),
    got: [...new Set(reasons)].join(", "),
  });
}
