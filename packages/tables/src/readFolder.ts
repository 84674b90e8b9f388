import type { PathLike } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, parse, sep } from "node:path";

/** What stands in a text for bytes that are not UTF-8. */
const REPLACEMENT = "\uFFFD";
/** The most bytes of a character in UTF-8. */
const LONGEST = 4;

/** A file or folder as the system knows it, and as it is written. */
export interface FolderEntry {
  /** What it is called in its folder; bytes that are not UTF-8 as `\xe9`. */
  readonly name: string;
  /** Its path for people. */
  readonly path: string;
  /** Its path for the system, which takes names that are not UTF-8 as bytes alone. */
  readonly at: PathLike;
}

/**
 * Lists a folder, names that are not UTF-8 included: those of disks that were written with another encoding.
 *
 * @param path - the folder for people
 * @param at - the same for the system; the path by default
 * @returns what is in it, in the order of the names
 * @throws what the system says of a folder that cannot be listed
 *
 * @example
 * ```ts
 * import { readFolder } from "@btsbot/tables";
 *
 * await readFolder("/nonexistent").catch(({ code }) => code); // => "ENOENT"
 * ```
 */
export async function readFolder(path: string, at: PathLike = path): Promise<FolderEntry[]> {
  const found = await readdir(at, { encoding: "buffer" });
  const entries = found.map((bytes): FolderEntry => {
    const name = showName(bytes);
    const plain = typeof at === "string" && Buffer.from(name).equals(bytes);
    return { name, path: join(path, name), at: plain ? join(at, name) : joinBytes(at, bytes) };
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * Finds what a path from the command line means: what gives a program its words replaces bytes that are not UTF-8, so that
 * such a path names nothing. The one file whose name it can be is meant.
 *
 * @param path - such as `caf\uFFFD/a.avro`
 * @returns where it is; the path as it is where there is no such file, or more than one
 *
 * @example
 * ```ts
 * import { findEntry } from "@btsbot/tables";
 *
 * await findEntry("night.tar"); // => { name: "night.tar", path: "night.tar", at: "night.tar" }
 * ```
 */
export async function findEntry(path: string): Promise<FolderEntry> {
  const given = { name: parse(path).base, path, at: path };
  if (!path.includes(REPLACEMENT) || (await exists(path))) return given;
  const { root } = parse(path);
  let folder: FolderEntry = { name: "", path: root, at: root || "." };
  for (const part of path.slice(root.length).split(sep)) {
    if (part === "" || part === ".") continue;
    const next = part.includes(REPLACEMENT) ? await findNamed(folder, part) : enter(folder, part);
    if (next === undefined) return given;
    folder = next;
  }
  return folder;
}

async function findNamed({ path, at }: FolderEntry, part: string): Promise<FolderEntry | undefined> {
  const found = await readFolder(path, at).catch(() => []);
  const fitting = found.filter((entry) => Buffer.from(lastOf(entry)).toString() === part);
  return fitting.length === 1 ? fitting[0] : undefined;
}

function enter({ path, at }: FolderEntry, part: string): FolderEntry {
  return {
    name: part,
    path: join(path, part),
    at: typeof at === "string" ? join(at, part) : joinBytes(at, Buffer.from(part)),
  };
}

/** The bytes of an entry's own name. */
function lastOf({ name, at }: FolderEntry): Uint8Array {
  const bytes = toBytes(at);
  return typeof at === "string" ? Buffer.from(name) : bytes.subarray(bytes.lastIndexOf(sep.charCodeAt(0)) + 1);
}

function joinBytes(folder: PathLike, name: Uint8Array): PathLike {
  return Buffer.concat([toBytes(folder), Buffer.from(sep), name]);
}

function toBytes(path: PathLike): Uint8Array {
  return typeof path === "string" ? Buffer.from(path) : (path as Uint8Array);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A name as text; what is not UTF-8 byte by byte. */
function showName(bytes: Uint8Array): string {
  const whole = decode(bytes);
  if (whole !== undefined) return whole;
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const lengths = Array.from({ length: Math.min(LONGEST, bytes.length - at) }, (_, index) => index + 1);
    const length = lengths.find((each) => decode(bytes.subarray(at, at + each)) !== undefined);
    text +=
      length === undefined ? `\\x${bytes[at].toString(16).padStart(2, "0")}` : decode(bytes.subarray(at, at + length))!;
    at += length ?? 1;
  }
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
