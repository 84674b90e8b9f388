import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readAlertStream } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";

/** The name that stands for standard input. */
const STDIN = "-";
/** What in a folder is taken for alerts. */
const ALERT_FILE = /\.(avro|json)$/;

/**
 * A file of alerts, not open yet.
 *
 * @internal
 */
export interface AlertFile {
  /** Its path as given; `-` is standard input. */
  readonly name: string;
  /** Reads its alerts one by one; what cannot be read is an outcome, never thrown. */
  readonly read: () => AsyncGenerator<SafeResult<Alert>>;
}

/**
 * Finds the files that paths stand for, in order: a file is itself, a folder every regular file `.avro`
 * and `.json` in it by name (a pipe there would be waited for), `-` standard input. A path that is not there, or a folder without alerts, becomes a
 * file that cannot be read.
 *
 * @param onEmptyFolder - takes folders without alerts, which then are no error
 *
 * @internal
 */
export async function listInputs(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
  onEmptyFolder?: (path: string) => void,
): Promise<AlertFile[]> {
  const files: AlertFile[] = [];
  for (const path of paths) {
    if (path === STDIN) {
      files.push({ name: path, read: () => readFrom(path, stdin) });
      continue;
    }
    const info = await stat(path).catch(() => undefined);
    const names = info?.isDirectory() ? await listFolder(path).catch(() => undefined) : [path];
    // A wrong path in a nightly job must not pass for a night without alerts.
    if (names?.length === 0) {
      if (onEmptyFolder !== undefined) onEmptyFolder(path);
      else files.push({ name: path, read: () => emptyFolder(path) });
    }
    // A folder that cannot be listed stays in the list, and its error comes when it is opened.
    for (const name of names ?? [path]) files.push({ name, read: () => readFrom(name, createReadStream(name)) });
  }
  return files;
}

async function* emptyFolder(path: string): AsyncGenerator<SafeResult<Alert>> {
  const hint = "Folders in it are not searched.";
  yield {
    success: false,
    error: new BtsbotError("file-unreadable", "the folder holds no .avro and no .json file", { path, hint }),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    if (!ALERT_FILE.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(path)))) paths.push(path);
  }
  return paths.sort();
}

/** A link that leads nowhere counts as well: opening it says so, and its alerts are not lost in silence. */
function leadsToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => true,
  );
}

async function* readFrom(name: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SafeResult<Alert>> {
  try {
    yield* readAlertStream(chunks);
  } catch (cause) {
    // The stream's own failure; what is wrong with its bytes comes as an outcome.
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof BtsbotError) yield { success: false, error: cause };
    else if (code === undefined) throw cause;
    else
      yield {
        success: false,
        error: new BtsbotError("file-unreadable", "cannot be read", {
          path: name,
          got: describeSystemError(code),
          cause,
        }),
      };
  }
}
