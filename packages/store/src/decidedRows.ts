import type { SourceState } from "@btsbot/decide";
import type { Connection } from "./connection.js";

/**
 * Keeps on what was decided last; forgets it of sources that wait no longer.
 *
 * @internal
 */
export async function saveDecided(
  connection: Connection,
  decided: ReadonlyMap<string, SourceState | null>,
): Promise<void> {
  const rows = [...decided].flatMap(([objectId, state]) =>
    state === null ? [] : [{ object_id: objectId, state: JSON.stringify(state) }],
  );
  await connection.insert("decided", rows, (insert) =>
    insert.onConflict((conflict) =>
      conflict.column("object_id").doUpdateSet((eb) => ({ state: eb.ref("excluded.state") })),
    ),
  );
  const done = [...decided].flatMap(([objectId, state]) => (state === null ? [objectId] : []));
  if (done.length === 0) return;
  await connection.db
    .deleteFrom("decided")
    .where((eb) => connection.isIn(eb.ref("object_id"), done))
    .execute();
}

/**
 * On what was decided last, of those sources that wait for a decision.
 *
 * @internal
 */
export async function loadDecided(
  { db, isIn }: Connection,
  objectIds: readonly string[],
): Promise<Map<string, SourceState>> {
  const rows = await db
    .selectFrom("decided")
    .selectAll()
    .where((eb) => isIn(eb.ref("object_id"), objectIds))
    .execute();
  return new Map(rows.map(({ object_id, state }) => [object_id, JSON.parse(state) as SourceState]));
}

/**
 * The sources that wait for a decision.
 *
 * @internal
 */
export async function listUndecided({ db }: Connection): Promise<string[]> {
  const rows = await db.selectFrom("decided").select("object_id").execute();
  return rows.map(({ object_id }) => object_id).sort();
}
