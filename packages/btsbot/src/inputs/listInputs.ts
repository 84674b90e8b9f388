import { createReadStream } from "node:fs";
import type { PathLike } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { readAlerts } from "@btsbot/alert";
import type { ReadOptions } from "@btsbot/alert";
import { readArchive, readMembers } from "@btsbot/archive";
import type { ArchivedAlert, ArchiveOptions, ByteSource, Member } from "@btsbot/archive";
import { BtsbotError } from "@btsbot/errors";
import { findEntry, toFileError } from "@btsbot/tables";
import type { FolderEntry } from "@btsbot/tables";
import { inCommandWords } from "../terminal/inCommandWords.js";
import { openFileBytes } from "./openFileBytes.js";
import { gunzipNatively } from "./gunzipNatively.js";
import { isContainer } from "./isContainer.js";
import { aboutFile, listFolder } from "./listFolder.js";
import type { FoundFile } from "./listFolder.js";
import { loadSmallFile, MOST_BYTES_WHOLE } from "./loadSmallFile.js";
import type { SkipTally } from "./skipTally.js";
import { unlessEmpty } from "./unlessEmpty.js";

type Place = Pick<FolderEntry, "path" | "at">;

/** The name that stands for standard input. */
const STDIN = "-";

type Skip = NonNullable<ArchiveOptions["skip"]>;

/**
 * A file of alerts, or an archive of such files, not open yet.
 *
 * @internal
 */
export interface AlertFile {
  /** Its path as given; `-` is standard input. */
  readonly name: string;
  /**
   * Reads its alerts one by one; what cannot be read is an outcome, never thrown.
   *
   * @param bytes - all its bytes, where they were loaded
   * @param skip - how many outcomes of a file or member are done, and left out
   */
  readonly read: (bytes?: Uint8Array, skip?: Skip) => AsyncGenerator<ArchivedAlert, void, void>;
  /** Bytes, packed as it is; absent where that is not known, as of standard input. */
  readonly size?: number;
  /**
   * By what it is known to be the same still: size and time of change, or why it cannot be read. Absent where nobody can
   * say, as of standard input or a pipe.
   */
  readonly identity?: string;
  /** Whether only `read` knows what of it is done already. */
  readonly isResumed?: boolean;
  /** Loads all its bytes, where it is a small file. */
  readonly load?: () => Promise<Uint8Array | undefined>;
}

/**
 * How paths are listed, and what they stand for is read.
 *
 * @internal
 */
export interface InputSettings {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Takes what is left out. */
  readonly skipped: SkipTally;
  /** Whether folders in folders are listed, too. */
  readonly recursive?: boolean;
  /** Schemas of framed messages, limits. */
  readonly read?: ReadOptions;
  /** Takes folders without alerts, and standard input without bytes, which then are not errors. */
  readonly onEmptyFolder?: (path: string) => void;
  /** Called for each file, in an archive or not, that can be read and holds no alert. */
  readonly onEmpty?: (name: string) => void;
}

/**
 * Finds the files that paths stand for, in order: a file is itself, whatever its name; a folder what in it is taken for
 * alerts, by name; `-` standard input; `archive.tar.gz/member.avro` that member. A path that is not there, or a folder
 * without alerts, becomes a file that cannot be read.
 *
 * @internal
 */
export async function listInputs(paths: readonly string[], settings: InputSettings): Promise<AlertFile[]> {
  const files: AlertFile[] = [];
  for (const path of paths) {
    const entry = await findEntry(path);
    const info = path === STDIN ? undefined : await stat(entry.at).catch((error: NodeJS.ErrnoException) => error);
    if (info instanceof Error && info.code === "ENOTDIR") files.push(await findMember(path, settings));
    else if (info === undefined) files.push(toFile(entry, settings));
    else if (info instanceof Error) files.push(toFile({ ...entry, identity: info.code ?? info.message }, settings));
    else if (!info.isDirectory())
      // The size of a pipe says nothing.
      files.push(toFile({ ...entry, ...(info.isFile() && aboutFile(info)) }, settings));
    else files.push(...(await listOneFolder(entry, settings)));
  }
  return files;
}

async function listOneFolder(folder: FolderEntry, settings: InputSettings): Promise<AlertFile[]> {
  const { path } = folder;
  const { recursive = false, skipped, onEmptyFolder } = settings;
  let found: Awaited<ReturnType<typeof listFolder>>;
  try {
    found = await listFolder(folder, recursive);
  } catch (cause) {
    return [failing(path, readFailure(path, cause))];
  }
  for (const { path: name, reason } of found.skipped) skipped.add(name, reason);
  if (found.files.length > 0) return found.files.map((entry) => toFile(entry, settings));
  // A wrong path in a nightly job must not pass for a night without alerts.
  if (onEmptyFolder === undefined) return [failing(path, emptyFolder(path, found.skipped.length > 0))];
  onEmptyFolder(path);
  return [];
}

function toFile(
  { path, at, size, identity }: Place & Pick<FoundFile, "size" | "identity">,
  settings: InputSettings,
): AlertFile {
  return {
    name: path,
    read: (bytes, skip) => readFrom({ path, at, ...(size !== undefined && { size }) }, settings, bytes, skip),
    ...(size !== undefined && { size }),
    ...(identity !== undefined && { identity }),
    ...(size !== undefined && size <= MOST_BYTES_WHOLE && { load: () => loadSmallFile(at, size) }),
  };
}

/** The file that a path takes for a folder: an archive of which one member is asked for. */
async function findMember(path: string, settings: InputSettings): Promise<AlertFile> {
  const archive = await archiveOf(path);
  if (archive === undefined) return toFile({ path, at: path, identity: "ENOTDIR" }, settings);
  const { size, identity } = await aboutPath(archive);
  return {
    name: path,
    ...(identity !== undefined && { identity }),
    async *read(_bytes, skip) {
      let found = false;
      // Of the others nothing is read.
      const only: Skip = (member) => {
        if (!isWithin(member, path)) return Infinity;
        found = true;
        return skip?.(member) ?? 0;
      };
      const place = { path: archive, at: archive, ...(size !== undefined && { size }) };
      for await (const each of readFrom(place, { ...settings, skipped: NOWHERE }, undefined, only)) {
        if (isWithin(each.file, path)) yield each;
      }
      if (!found) yield* failing(path, noMember(path)).read(undefined, skip);
    },
  };
}

/**
 * Opens what a path stands for: a file, the files in an archive, one of those, or standard input.
 *
 * @throws BtsbotError for an archive that is damaged; what the system says of a file that cannot be read
 *
 * @internal
 */
export async function* openMembers(
  path: string,
  { stdin, skipped }: Pick<InputSettings, "stdin" | "skipped">,
): AsyncGenerator<Member, void, void> {
  const entry = await findEntry(path);
  const error = await stat(entry.at).catch((cause: NodeJS.ErrnoException) => cause);
  const archive = error instanceof Error && error.code === "ENOTDIR" ? await archiveOf(path) : undefined;
  const { path: name, at } = archive === undefined ? entry : { path: archive, at: archive };
  const onSkip = (archive === undefined ? skipped : NOWHERE).add;
  let found = archive === undefined;
  const bytes = bytesOf({ at, ...(await aboutPath(at)) }, stdin);
  for await (const member of readMembers(bytes, { name, gunzip: gunzipNatively, onSkip })) {
    if (archive !== undefined && !isWithin(member.name, path)) continue;
    found = true;
    yield member;
  }
  if (!found) throw noMember(path);
}

function bytesOf({ at, size }: Pick<FoundFile, "at" | "size">, stdin: AsyncIterable<Uint8Array>): ByteSource {
  if (at === STDIN) return stdin;
  return size === undefined ? createReadStream(at) : openFileBytes(at, size);
}

/** The size of a regular file: nothing else can be entered anywhere. */
async function aboutPath(at: PathLike): Promise<Pick<FoundFile, "size" | "identity">> {
  if (at === STDIN) return {};
  const info = await stat(at).catch(() => undefined);
  return info?.isFile() === true ? aboutFile(info) : {};
}

/** Whether a member is the one asked for, or lies in it. */
function isWithin(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}/`);
}

function noMember(path: string): BtsbotError {
  return new BtsbotError("file-unreadable", "the archive has no such member", { path });
}

/** The file in a path behind which it goes on; undefined where there is none. */
async function archiveOf(path: string): Promise<string | undefined> {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) if (await isFile(at)) return at;
  return undefined;
}

const NOWHERE: SkipTally = { add: () => undefined, lines: () => [] };

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

async function* readFrom(
  { path: name, at, size }: Place & Pick<FoundFile, "size">,
  { stdin: given, skipped, read, onEmpty, onEmptyFolder }: InputSettings,
  bytes?: Uint8Array,
  skip: Skip = () => 0,
): AsyncGenerator<ArchivedAlert, void, void> {
  // A container is a file of its own, and no archive.
  let known = bytes !== undefined && isContainer(bytes) ? await skip(name) : undefined;
  if (known === Infinity) return;
  const whole = bytes && readWhole(bytes, name, read);
  if (whole !== undefined) return yield* whole.slice(known);
  try {
    const stdin = at === STDIN && onEmptyFolder !== undefined ? await unlessEmpty(given) : given;
    if (stdin === undefined) return onEmptyFolder?.("standard input");
    const alerts = readArchive(bytes ?? bytesOf({ at, ...(size !== undefined && { size }) }, stdin), {
      name,
      gunzip: gunzipNatively,
      onSkip: (member, reason) => skipped.add(member, reason),
      skip(member) {
        const count = known ?? skip(member);
        known = undefined;
        return count;
      },
      ...(onEmpty && { onEmpty }),
      ...(read && { read }),
    });
    for await (const each of alerts)
      yield each.result.success
        ? each
        : { ...each, result: { success: false, error: inCommandWords(each.result.error) } };
  } catch (cause) {
    // The stream's own failure; what is wrong with its bytes comes as an outcome.
    yield* failing(name, readFailure(name, cause)).read(undefined, skip);
  }
}

/** The alerts of a container with which nothing is wrong, at once; anything else is for the archive's reader, which streams. */
function readWhole(bytes: Uint8Array, file: string, read: ReadOptions | undefined): ArchivedAlert[] | undefined {
  if (!isContainer(bytes)) return undefined;
  const alerts: ArchivedAlert[] = [];
  for (const result of readAlerts(bytes, read)) {
    if (!result.success) return undefined;
    alerts.push({ file, index: alerts.length, result });
  }
  return alerts.length === 0 ? undefined : alerts;
}

function failing(name: string, error: BtsbotError): AlertFile {
  return {
    name,
    identity: error.code,
    async *read(_bytes, skip) {
      if (((await skip?.(name)) ?? 0) < 1) yield { file: name, result: { success: false, error } };
    },
  };
}

/** What the system says of a file, as an outcome can hold it. What is not a failure of the system is thrown on. */
function readFailure(path: string, cause: unknown): BtsbotError {
  const error = toFileError(cause, path, { doing: "read" });
  if (error instanceof BtsbotError) return error;
  throw error;
}

function emptyFolder(path: string, hasMore: boolean): BtsbotError {
  return new BtsbotError("file-unreadable", "the folder holds no alerts", {
    path,
    expected: "files that end in .avro, .json, .jsonl, .ndjson, .parquet, .tar, .tgz or .zip, also with .gz",
    ...(hasMore && { hint: "With --recursive, folders within it are searched too." }),
  });
}
