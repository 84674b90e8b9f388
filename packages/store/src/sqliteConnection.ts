import { statfsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { BtsbotError } from "@btsbot/errors";
import { Kysely, sql, SqliteDialect } from "kysely";
import type { Connection, LockWaiting } from "./connection.js";
import type { Database, Statement } from "./loadDriver.js";
import type { Tables } from "./tables.js";

/** How often it is tried again, ms. */
const PAUSE_MS = 20;
/** How long SQLite itself waits, ms, which holds up all else: enough for what is not a whole transaction. */
const BUSY_MS = 100;
/** Statements that are kept prepared; those of a night are about forty. */
const MOST_STATEMENTS = 100;

/**
 * A connection to a file of SQLite, in the mode in which readers and one writer do not wait for each other (WAL:
 * https://sqlite.org/wal.html), and in which a commit is on the disk when it returns (`synchronous=FULL`).
 *
 * @param path - the file
 * @param database - as the driver opened it
 * @param waiting - how long to wait for another's transaction, ms, and what ends it
 *
 * @internal
 */
export function openSqliteConnection(path: string, database: Database, waiting: LockWaiting): Connection {
  const prepare = keepStatements(database, path);
  database.defaultSafeIntegers(true);
  for (const pragma of [`busy_timeout=${BUSY_MS}`, "journal_mode=wal", "synchronous=full", "fullfsync=on"])
    prepare(`pragma ${pragma}`).all([]);
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: { prepare, close: () => void database.close() } }),
  });
  const run = async (statement: string): Promise<void> => void (await sql.raw(statement).execute(db));
  return {
    db,
    bytes: "blob",
    id: "integer",
    number: "integer",
    key: "text",
    longKeys: true,
    sharesRows: false,
    clustered: (table) => table.modifyEnd(sql`without rowid`),
    isIn: (column, values) => sql`${column} in (select value from json_each(${JSON.stringify(values)}))`,
    async insert(table, rows, onConflict = (insert) => insert) {
      if (rows.length === 0) return;
      // One row's statement, run for each: rows in one statement would be compiled and prepared anew for every number.
      const { sql: text, parameters } = onConflict(db.insertInto(table).values(rows[0])).compile();
      const columns = Object.keys(rows[0]);
      if (parameters.length !== columns.length) throw new Error(`${table}: a parameter beside the row's`);
      const statement = prepare(text);
      for (const row of rows) statement.run(columns.map((column) => (row as Record<string, unknown>)[column]));
      await Promise.resolve();
    },
    // One writes at a time: nothing is to be locked beside.
    lockSources: () => Promise.resolve([]),
    lockNumbers: () => Promise.resolve(),
    tableNames: async () => (await db.introspection.getTables()).map(({ name }) => name),
    size: async () => (await sizeOf(path)) + (await sizeOf(`${path}-wal`)),
    begin: () => tryUntil(() => run("begin immediate"), waiting, BUSY_MS),
    commit: () => run("commit"),
    // Where the disk is full, SQLite has rolled back by itself (https://sqlite.org/lang_transaction.html, 3.2).
    rollback: async () => (database.inTransaction ? run("rollback") : undefined),
    async compact() {
      await run("vacuum");
      await run("pragma wal_checkpoint(truncate)");
    },
    async close() {
      // A unit that is not over: the driver closes the file only when its statements have been collected.
      await run("rollback").catch(() => undefined);
      await db.destroy();
    },
  };
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/**
 * Tries until it is no longer refused because another has it.
 *
 * @param attempt - tries once
 * @param waiting - how long to wait, and what ends it
 * @param attemptMs - how long an attempt waits by itself before it is refused
 * @throws BtsbotError `store-busy` once the time is over; the signal's reason
 *
 * @internal
 */
export async function tryUntil(attempt: () => Promise<void>, waiting: LockWaiting, attemptMs = 0): Promise<void> {
  for (let waited = attemptMs; ; waited += PAUSE_MS + attemptMs) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (!(error instanceof BtsbotError) || error.code !== "store-busy") throw error;
      if (waited >= waiting.waitMs) throw error;
    }
    await setTimeout(PAUSE_MS, undefined, { ...(waiting.signal && { signal: waiting.signal }) });
    waiting.signal?.throwIfAborted();
  }
}

/** Statements by their text: a night asks the same thousands of times. */
function keepStatements(database: Database, path: string): (text: string) => Statement {
  const kept = new Map<string, Statement>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= MOST_STATEMENTS) kept.clear();
    const made = inWords(() => guard(database.prepare(text), path), path);
    kept.set(text, made);
    return made;
  };
}

function guard(statement: Statement, path: string): Statement {
  const { reader } = statement;
  return {
    reader,
    all: (parameters) => inWords(() => statement.all(checkValues(parameters)), path),
    run: (parameters) => inWords(() => statement.run(checkValues(parameters)), path),
    iterate: (parameters) => statement.iterate(checkValues(parameters)),
  };
}

/** SQLite's texts end at a NUL: two names could become one. */
function checkValues(parameters: readonly unknown[]): readonly unknown[] {
  for (const value of parameters)
    if (typeof value === "string" && value.includes("\0"))
      throw new BtsbotError("store-value", "a text with a NUL cannot be kept", {
        got: JSON.stringify(value.slice(0, 80)),
      });
  return parameters;
}

/** What SQLite needs beside the database before the first row: the index of its log, and some pages. */
const LEAST_ROOM = 1 << 17;

/** Whether the disk has room for what is kept beside a database; also where the system does not say. */
function hasRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize >= LEAST_ROOM;
  } catch {
    return true;
  }
}

/**
 * What SQLite says (https://sqlite.org/rescode.html), as an error of the registry.
 *
 * @internal
 */
export function inWords<T>(work: () => T, path: string): T {
  try {
    return work();
  } catch (cause) {
    const { code = "", message } = cause as { code?: string; message: string };
    const details = { path, got: message, cause };
    if (/^SQLITE_(BUSY|LOCKED)/.test(code))
      throw new BtsbotError("store-busy", "another process writes to the store", {
        ...details,
        hint: "Try again when it has ended.",
      });
    if (/^SQLITE_FULL/.test(code) || (/^SQLITE_(IOERR|CANTOPEN)/.test(code) && !hasRoom(path)))
      throw new BtsbotError("disk-full", "no room left", details);
    if (/^SQLITE_IOERR/.test(code))
      throw new BtsbotError("folder-unwritable", "the system could not read or write the database", {
        path,
        got: `${message} (${code})`,
        hint: "Look at the disk, and at how large a file this user may write.",
        cause,
      });
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
      throw new BtsbotError("store-damaged", "the file is not a database of this program, or was damaged", {
        ...details,
        hint: "Restore a copy, or start again in an empty folder, from all alerts that still matter.",
      });
    if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code) || /Unable to open connection|readonly database/.test(message))
      throw new BtsbotError("folder-unwritable", "the database cannot be opened or written", {
        path,
        got: /readonly/.test(message) ? "no permission to write" : "no permission, or no such folder",
        cause,
      });
    throw cause;
  }
}
