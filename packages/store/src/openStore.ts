import { access as find, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError, checkArgument, checkOptions, OptionsError } from "@btsbot/errors";
import { makeFolder, toFileError } from "@btsbot/tables";
import { createSqlStore } from "./createSqlStore.js";
import { loadDriver } from "./loadDriver.js";
import type { Driver } from "./loadDriver.js";
import { migrate, versionOf } from "./migrate.js";
import { isAddress } from "./isAddress.js";
import { inWords, openSqliteConnection } from "./sqliteConnection.js";
import type { Connection, LockWaiting } from "./connection.js";
import { readHolder, takeRunLock, writeHolder } from "./takeRunLock.js";
import { STORE_OPTIONS } from "./types.js";
import type { SqlStore, StoreOptions } from "./types.js";

/** The database in a store's folder. */
const DATABASE_FILE = "btsbot.db";
/** What may be in a store's folder: the database with what SQLite keeps beside it, and what earlier versions kept. */
const OWN = /^(btsbot\.(db|lock)(-wal|-shm|-journal)?|state\.jsonl(\.new)?|lock\.\d.*)$/;
/** How long to wait for another run, ms. */
const WAIT_MS = 10_000;
const UNKEPT = "the store cannot be kept here";

/**
 * Opens a store, and makes it where there is none; its tables are brought to this version. In a folder it is a database
 * in one file (SQLite), which one run at a time has. At an address, `postgresql://USER@HOST:PORT/DATABASE`, it is in the
 * first schema of the search path of a database of PostgreSQL (14 or later), which several runs share. A process that
 * dies, however it dies, lets go of it at once.
 *
 * @param place - a folder of its own, made where it is absent, not on a network's file system; or an address. An address
 * holds no password: that is `password`, or PGPASSWORD, or in the file that PGPASSFILE names
 * @param options - what for, and how long to wait
 * @returns the store
 * @throws BtsbotError `store-address` for an address that cannot be used, or holds a password; `store-unreachable`,
 * `store-refused` of a server; `store-busy` where another run has it and the time to wait is over; `store-newer` where a later
 * version has written it; `store-missing` where there is none to watch; `store-damaged`; `store-driver-missing`;
 * `folder-unwritable`, also for a folder with other files; `disk-full`; the signal's reason
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openStore } from "@btsbot/store";
 *
 * const store = await openStore(await mkdtemp(join(tmpdir(), "night-")));
 * const unit = await store.begin();
 * await unit.save({ cursor: { source: "night", value: "7" } });
 * await unit.commit();
 * await store.cursor("night"); // => "7"
 * await store.close();
 * ```
 */
export async function openStore(place: string, options: StoreOptions = {}): Promise<SqlStore> {
  checkOptions("openStore", options, STORE_OPTIONS);
  checkArgument("openStore", "place", place, "string");
  const { access = "run", waitMs = WAIT_MS, stamps = false, signal } = options;
  checkValues(access, waitMs, signal);
  if (isAddress(place)) {
    const { openPostgres } = await import("./openPostgres.js");
    return openPostgres(place, { ...options, access, waitMs, stamps });
  }
  const folder = place;
  const path = join(folder, DATABASE_FILE);
  const waiting = { waitMs, signal };
  if (access === "run") await prepareFolder(folder);
  else await checkThere(path);
  const driver = await loadDriver();
  const release =
    access === "run" ? await takeRunLock(driver, folder, waiting, () => whoRuns(driver, path)) : undefined;
  const open: Connection[] = [];
  const close = async (): Promise<void> => {
    for (const connection of open.splice(0)) await connection.close();
    release?.();
  };
  try {
    const writer = connect(driver, path, waiting);
    open.push(writer);
    const isNew = (await versionOf(writer, path)) === 0;
    const version = await migrate(writer, path);
    if (access === "run") await writeHolder(writer.db);
    // What is asked outside of a unit sees what was committed, and nothing of a unit in hand.
    const reader = connect(driver, path, waiting);
    open.push(reader);
    return createSqlStore({ path, version, isNew, writer, reader, access, stamps, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function checkValues(access: string, waitMs: number, signal: AbortSignal | undefined): void {
  const refuse = (name: string, expected: string, got: unknown): never => {
    throw new OptionsError(`openStore: expected \`${name}\` to be ${expected}, got ${String(got)}`);
  };
  if (access !== "run" && access !== "watch") refuse("access", '"run" or "watch"', JSON.stringify(access));
  if (!(waitMs >= 0)) refuse("waitMs", "0 or more", waitMs);
  if (signal !== undefined && typeof signal.throwIfAborted !== "function") refuse("signal", "an AbortSignal", signal);
  signal?.throwIfAborted();
}

function connect(driver: Driver, path: string, waiting: LockWaiting): Connection {
  return openSqliteConnection(
    path,
    inWords(() => new driver(path), path),
    waiting,
  );
}

async function whoRuns(driver: Driver, path: string): ReturnType<typeof readHolder> {
  const connection = connect(driver, path, { waitMs: 0 });
  try {
    return await readHolder(connection.db);
  } finally {
    await connection.close();
  }
}

async function checkThere(path: string): Promise<void> {
  try {
    await find(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw toFileError(cause, path, { doing: "read" });
    throw new BtsbotError("store-missing", "there is no store", {
      path,
      hint: "Give the folder that a run used, or start a run first.",
      cause,
    });
  }
}

/** A store laid among the alerts, by a slip, would look like one of them. */
async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder, UNKEPT);
    const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
    if (names.length === 0 || names.some((name) => OWN.test(name))) return;
    throw new BtsbotError("folder-unwritable", "the folder holds other files, and no store", {
      path: folder,
      expected: "an empty folder, a new one, or one with a store",
      got: names.slice(0, 3).join(", "),
      hint: "Choose a separate folder.",
    });
  } catch (error) {
    throw toFileError(error, folder, { doing: "write", summary: UNKEPT });
  }
}
