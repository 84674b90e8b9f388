import type { Kysely } from "kysely";
import type { Tables } from "./tables.js";

/** What is said of the store as a whole. */
export type MetaKey = "version" | "maker" | "run" | "imported";

/**
 * Reads what is said of the store as a whole.
 *
 * @internal
 */
export async function readMeta<T>(db: Kysely<Tables>, key: MetaKey): Promise<T | undefined> {
  const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
  return row && (JSON.parse(row.value) as T);
}

/**
 * Says it.
 *
 * @internal
 */
export async function writeMeta(db: Kysely<Tables>, key: MetaKey, value: unknown): Promise<void> {
  const row = { key, value: JSON.stringify(value) };
  await db
    .insertInto("meta")
    .values(row)
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: row.value }))
    .execute();
}
