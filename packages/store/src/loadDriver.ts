import { BtsbotError } from "@btsbot/errors";

/** A statement of the driver. */
export interface Statement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/** A database as the driver opens it: better-sqlite3's interface, as far as it is used. */
export interface Database {
  prepare(text: string): Statement;
  defaultSafeIntegers(on: boolean): unknown;
  /** Whether a transaction has begun and is not over. */
  readonly inTransaction: boolean;
  close(): unknown;
}

/** Opens a database. */
export type Driver = new (path: string) => Database;

/**
 * Loads the driver, which is a binary for this system.
 *
 * @param load - imports it
 * @throws BtsbotError `store-driver-missing`
 *
 * @internal
 */
export async function loadDriver(load: () => Promise<{ default: unknown }> = () => import("libsql")): Promise<Driver> {
  try {
    return (await load()).default as Driver;
  } catch (cause) {
    throw new BtsbotError("store-driver-missing", "the database driver cannot be loaded", {
      expected: `libsql with its binary for ${process.platform}-${process.arch}`,
      got: (cause as Error).message.split("\n")[0],
      hint: "Install again on this machine, with its optional packages.",
      cause,
    });
  }
}
