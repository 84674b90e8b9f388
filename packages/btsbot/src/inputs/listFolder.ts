import { open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isHidden, mayHoldAlerts } from "@btsbot/archive";
import type { SkipKind } from "./skipTally.js";

/** Bytes that show an Avro container. */
const HEAD = 4;

/**
 * What a folder holds.
 *
 * @internal
 */
export interface FolderListing {
  /** Paths of what is taken for alerts. */
  readonly files: readonly string[];
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
export async function listFolder(folder: string, recursive: boolean): Promise<FolderListing> {
  const files: string[] = [];
  const skipped: { path: string; reason: SkipKind }[] = [];
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    const real = await realpath(path);
    if (seen.has(real)) return;
    seen.add(real);
    const names = (await readdir(path)).sort();
    for (const name of names) {
      const inside = join(path, name);
      const kind = isHidden(name) ? "hidden" : await kindOf(inside, recursive);
      if (kind === "take") files.push(inside);
      else if (kind === "visit") await visit(inside);
      else skipped.push({ path: inside, reason: kind });
    }
  };
  await visit(folder);
  return { files, skipped };
}

async function kindOf(path: string, recursive: boolean): Promise<"take" | "visit" | SkipKind> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return recursive ? "visit" : "folder";
  if (mayHoldAlerts(path)) {
    // A link that leads nowhere is taken: opening it says so, and its alerts are not lost in silence.
    return info === undefined || info.isFile() ? "take" : "not-a-file";
  }
  if (info?.isFile() !== true) return "not-a-file";
  return mayHoldAlerts(path, await readHead(path)) ? "take" : "not-alerts";
}

/** The first bytes; none where they cannot be had. */
async function readHead(path: string): Promise<Uint8Array> {
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
