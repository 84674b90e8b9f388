import type { PathLike, Stats } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { isHidden, mayHoldAlerts } from "@btsbot/archive";
import { readFolder } from "@btsbot/tables";
import type { FolderEntry } from "@btsbot/tables";
import type { SkipKind } from "./skipTally.js";

/** Bytes that show an Avro container. */
const HEAD = 4;

/**
 * A file that is taken; and where it could be asked, its size in bytes, and by what it is known to be the same file still.
 *
 * @internal
 */
export interface FoundFile extends FolderEntry {
  readonly size?: number;
  readonly identity?: string;
}

/**
 * What a folder holds.
 *
 * @internal
 */
export interface FolderListing {
  /** What is taken for alerts. */
  readonly files: readonly FoundFile[];
  readonly skipped: readonly { readonly path: string; readonly reason: SkipKind }[];
}

/**
 * Lists what in a folder is taken for alerts, by name: regular files (a pipe would be waited for) whose ending or first
 * bytes say so. Hidden ones are left out, and so are folders unless asked for. Links are followed, each folder once.
 *
 * @throws what the system says of a folder that cannot be listed
 *
 * @internal
 */
export async function listFolder(folder: Pick<FolderEntry, "path" | "at">, recursive: boolean): Promise<FolderListing> {
  const files: FoundFile[] = [];
  const skipped: { path: string; reason: SkipKind }[] = [];
  const seen = new Set<string>();
  const visit = async ({ path, at }: Pick<FolderEntry, "path" | "at">): Promise<void> => {
    // By bytes: names that are not UTF-8 would all look alike.
    const real = (await realpath(at, { encoding: "buffer" })).toString("latin1");
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of await readFolder(path, at)) {
      const info = isHidden(entry.name) ? undefined : await stat(entry.at).catch(() => undefined);
      const kind = isHidden(entry.name) ? "hidden" : await kindOf(entry, info, recursive);
      if (kind === "take") files.push({ ...entry, ...(info ? aboutFile(info) : { identity: "missing" }) });
      else if (kind === "visit") await visit(entry);
      else skipped.push({ path: entry.path, reason: kind });
    }
  };
  await visit(folder);
  return { files, skipped };
}

/**
 * What is known of a regular file. Who writes it changes its size, or the time of its last change.
 *
 * @internal
 */
export function aboutFile({
  size,
  mtimeMs,
}: Pick<Stats, "size" | "mtimeMs">): Required<Pick<FoundFile, "size" | "identity">> {
  return { size, identity: `${size} ${mtimeMs}` };
}

async function kindOf(
  { path, at }: FolderEntry,
  info: Stats | undefined,
  recursive: boolean,
): Promise<"take" | "visit" | SkipKind> {
  if (info?.isDirectory()) return recursive ? "visit" : "folder";
  if (mayHoldAlerts(path)) {
    // A link that leads nowhere is taken: opening it says so, and its alerts are not lost in silence.
    return info === undefined || info.isFile() ? "take" : "not-a-file";
  }
  if (info?.isFile() !== true) return "not-a-file";
  return mayHoldAlerts(path, await readHead(at)) ? "take" : "not-alerts";
}

/** The first bytes; none where they cannot be had. */
async function readHead(path: PathLike): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD);
  const file = await open(path).catch(() => undefined);
  try {
    await file?.read(head, 0, HEAD, 0);
  } catch {
    // What cannot be read is not alerts by what it shows.
  } finally {
    await file?.close();
  }
  return head;
}
