import { hostname } from "node:os";
import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import type { Kysely } from "kysely";
import type { Driver } from "./loadDriver.js";
import { readMeta, writeMeta } from "./meta.js";
import { inWords, tryUntil } from "./sqliteConnection.js";
import type { LockWaiting } from "./connection.js";
import type { Tables } from "./tables.js";

/** An empty database, on which a run holds SQLite's lock. */
const LOCK_FILE = "btsbot.lock";

/** Who runs. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/**
 * Takes a store for one run. The lock is the system's, on an open file: it ends with the process, however that ends, and
 * knows no names of hosts. What a run has printed and not yet kept would be printed twice by another beside it.
 *
 * @param driver - opens databases
 * @param folder - of the store
 * @param waiting - how long to wait for a run that has it
 * @param readHolder - reads who that is
 * @returns what gives it back
 * @throws BtsbotError `store-busy` where the time is over; `folder-unwritable` where the lock may only be read
 *
 * @internal
 */
export async function takeRunLock(
  driver: Driver,
  folder: string,
  waiting: LockWaiting,
  readHolder: () => Promise<Holder | undefined>,
): Promise<() => void> {
  const path = join(folder, LOCK_FILE);
  const database = inWords(() => new driver(path), path);
  const run = (text: string): Promise<void> =>
    Promise.resolve().then(() => inWords(() => void database.prepare(text).run([]), path));
  try {
    await tryUntil(() => run("begin immediate"), waiting);
    // Of a file that may only be read SQLite begins a reader's transaction, without a word, which locks nobody out. This
    // asks for a writer's, and then has nothing to do.
    await run("pragma incremental_vacuum");
  } catch (error) {
    database.close();
    if (!(error instanceof BtsbotError) || error.code !== "store-busy") throw error;
    const holder = await readHolder().catch(() => undefined);
    throw new BtsbotError("store-busy", "another run has the store", {
      path: folder,
      got: holder === undefined ? "a process" : `process ${holder.pid} on ${holder.host}, since ${holder.since}`,
      hint: `Waited ${waiting.waitMs / 1000} s. Wait until it has ended, or end it: then the store is free at once.`,
      cause: error,
    });
  }
  return () => {
    // The driver closes a file only when what was prepared on it has been collected; the lock ends here.
    database.prepare("rollback").run([]);
    database.close();
  };
}

/**
 * Says in the store who runs, for whoever has to wait.
 *
 * @internal
 */
export async function writeHolder(db: Kysely<Tables>): Promise<void> {
  await writeMeta(db, "run", { pid: process.pid, host: hostname(), since: new Date().toISOString() } satisfies Holder);
}

/**
 * Who runs, or ran last.
 *
 * @internal
 */
export function readHolder(db: Kysely<Tables>): Promise<Holder | undefined> {
  return readMeta<Holder>(db, "run");
}
