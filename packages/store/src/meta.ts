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
  const text = await readMetaText(db, key);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/**
 * The same, as it is kept.
 *
 * @internal
 */
export async function readMetaText(db: Kysely<Tables>, key: MetaKey): Promise<string | undefined> {
  const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
  return row?.value;
}

/**
 * Says it.
 *
 * @returns as it is kept
 *
 * @internal
 */
export async function writeMeta(db: Kysely<Tables>, key: MetaKey, value: unknown): Promise<string> {
  const row = { key, value: JSON.stringify(value) };
  await db
    .insertInto("meta")
    .values(row)
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: row.value }))
    .execute();
  return row.value;
}
