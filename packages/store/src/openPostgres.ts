import { BtsbotError } from "@btsbot/errors";
import { createSqlStore } from "./createSqlStore.js";
import { loadPostgres } from "./loadPostgres.js";
import { migrate, versionOf } from "./migrate.js";
import { openPostgresConnection } from "./postgresConnection.js";
import { createPostgresLink } from "./postgresLink.js";
import type { PostgresPlace } from "./loadPostgres.js";
import { createLeases } from "./createLeases.js";
import type { SqlStore, StoreOptions } from "./types.js";

/** As good as for ever, ms: the most that PostgreSQL takes. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Opens the store in a database of PostgreSQL, or makes it there: in the first schema of the search path. Several runs
 * may have it at once.
 *
 * @internal
 */
export async function openPostgres(
  url: string,
  {
    access,
    waitMs,
    stamps,
    signal,
    password,
  }: Required<Pick<StoreOptions, "access" | "waitMs" | "stamps">> & StoreOptions,
): Promise<SqlStore> {
  const driver = await loadPostgres();
  signal?.throwIfAborted();
  const place: PostgresPlace = { url, password, waitMs };
  const connect = () => openPostgresConnection(createPostgresLink(driver, place));
  const writer = connect();
  // What is asked outside of a unit sees what was committed, and nothing of a unit in hand.
  const reader = connect();
  const leases = createLeases(() => createPostgresLink(driver, { ...place, waitMs: FOR_EVER_MS }));
  const close = async (): Promise<void> => {
    await Promise.all([writer.close(), reader.close(), leases.close()]);
  };
  try {
    const found = await versionOf(writer, url);
    if (access === "watch" && found === 0)
      throw new BtsbotError("store-missing", "there is no store", {
        path: url,
        hint: "Give the address that a run used, with its search path, or start a run first.",
      });
    const version = await migrate(writer, url);
    return createSqlStore({
      ...{ path: url, version, isNew: found === 0, writer, reader, access, stamps, close },
      lease: (kind, ending) => leases.take(kind, ending),
    });
  } catch (error) {
    await close();
    throw error;
  }
}
