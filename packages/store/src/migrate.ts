import { BtsbotError } from "@btsbot/errors";
import { sql } from "kysely";
import { MIGRATIONS } from "./migrations.js";
import type { Migration } from "./migrations.js";
import { readMeta, writeMeta } from "./meta.js";
import type { Connection } from "./connection.js";

/**
 * Brings the tables of a database to the version of this program, in one transaction.
 *
 * @param connection - to the database
 * @param path - its file
 * @param migrations - all there are, in order
 * @returns the version
 * @throws BtsbotError `store-newer` for a database of a later version; `store-damaged` for one that is another program's
 *
 * @internal
 */
export async function migrate(
  connection: Connection,
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<number> {
  if ((await versionOf(connection, path, migrations.length)) === migrations.length) return migrations.length;
  await connection.begin({ alone: true });
  try {
    // Another process may have been first.
    const version = await versionOf(connection, path, migrations.length);
    if (version === 0)
      await sql`create table meta (key text primary key not null, value text not null)`.execute(connection.db);
    for (const step of migrations.slice(version)) await step(connection.db, connection);
    await writeMeta(connection.db, "version", migrations.length);
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  return migrations.length;
}

/**
 * The version of a database's tables.
 *
 * @returns 0 where there are none
 *
 * @internal
 */
export async function versionOf(
  { db, sharesRows, tableNames }: Connection,
  path: string,
  newest: number = MIGRATIONS.length,
): Promise<number> {
  const tables = await tableNames();
  if (tables.length === 0) return 0;
  const version = tables.includes("meta") ? await readMeta<number>(db, "version") : undefined;
  if (version === undefined)
    throw new BtsbotError("store-damaged", "the database belongs to another program", {
      path,
      got: `tables ${tables.slice(0, 3).join(", ")}`,
      hint: sharesRows
        ? "Choose a separate database, or a schema of its own (options=-csearch_path%3DNAME)."
        : "Choose a separate folder.",
    });
  if (version > newest)
    throw new BtsbotError("store-newer", "a later version of this program has written the store", {
      path,
      expected: `version ${newest} of its tables, or an earlier one`,
      got: `version ${version}`,
      hint: "Update this program. A database cannot be taken back to an earlier version.",
    });
  return version;
}
