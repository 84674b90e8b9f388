import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError, readLines } from "@btsbot/tables";
import { nameInLine } from "./stateLines.js";
import { checkMaker } from "./stateMaker.js";
import type { SourceBook, StateMaker } from "./stateTypes.js";

/** The file of a state's folder. */
const STATE_FILE = "state.jsonl";
/** What becomes it. A run that was killed may leave one; the next run writes over it. */
const NEXT_FILE = "state.jsonl.new";
/** Characters that are written at once. */
const CHUNK = 1 << 20;
const HINT = "Restore a copy, or start again in an empty folder with all alerts that still matter.";

/**
 * Reads a state: a line that says by what it was made, a line for each source, and a line with their number and the
 * SHA-256 of all lines before.
 *
 * @param folder - the folder of the state
 * @param maker - what goes on with it
 * @returns the lines of the sources by name; undefined where there is no state yet
 * @throws BtsbotError `state-damaged`, `state-mismatch` or `file-unreadable`
 *
 * @internal
 */
export async function readState(folder: string, maker: StateMaker): Promise<Map<string, string> | undefined> {
  const path = join(folder, STATE_FILE);
  const hash = createHash("sha256");
  const lines: string[] = [];
  try {
    for await (const { text } of readLines(createReadStream(path))) {
      const before = lines.at(-1);
      if (before !== undefined) hash.update(`${before}\n`);
      lines.push(text);
    }
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new BtsbotError("file-unreadable", "cannot be read", { path, got: describeSystemError(code), cause });
  }
  const end = lines.pop();
  if (end !== endLine(lines.length - 1, hash.digest("hex"))) {
    throw new BtsbotError("state-damaged", "the file is cut short, or was changed", { path, hint: HINT });
  }
  checkMaker(path, lines[0], maker);
  return new Map(lines.slice(1).map((line) => [nameInLine(line), line]));
}

/**
 * Writes a state so that the file is the old one or the new one, whole, at any moment: to another name, to the disk, then renamed.
 *
 * @throws BtsbotError `folder-unwritable`, which says whether the file is the old one or the new one
 *
 * @internal
 */
export async function writeState(folder: string, maker: StateMaker, book: SourceBook): Promise<void> {
  const path = join(folder, STATE_FILE);
  const next = join(folder, NEXT_FILE);
  try {
    const file = await open(next, "w");
    try {
      await writeLines(file, maker, book);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (cause) {
    throw unwritable("the state cannot be written; the old one is unchanged", path, cause);
  }
  await syncFolder(folder).catch((cause: unknown) => {
    throw unwritable("the new state is in its place, but may not outlast a loss of power", path, cause);
  });
}

function unwritable(summary: string, path: string, cause: unknown): BtsbotError {
  const { code = String(cause) } = cause as NodeJS.ErrnoException;
  return new BtsbotError("folder-unwritable", summary, { path, got: describeSystemError(code), cause });
}

async function writeLines(file: FileHandle, maker: StateMaker, book: SourceBook): Promise<void> {
  const hash = createHash("sha256");
  let text = `${JSON.stringify(maker)}\n`;
  for (const line of book.lines()) {
    text += `${line}\n`;
    if (text.length < CHUNK) continue;
    hash.update(text);
    await file.writeFile(text);
    text = "";
  }
  hash.update(text);
  await file.writeFile(`${text}${endLine(book.size, hash.digest("hex"))}\n`);
}

function endLine(sources: number, sha256: string): string {
  return JSON.stringify({ sources, sha256 });
}

/** So that the new name, too, is on the disk. Windows cannot open folders, and needs it not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
