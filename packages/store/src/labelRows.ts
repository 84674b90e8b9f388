import type { Connection } from "./sqliteConnection.js";
import type { StoreLabel } from "./types.js";

/**
 * Keeps labels, each in place of its labeller's last.
 *
 * @internal
 */
export async function saveLabels(connection: Connection, labels: readonly StoreLabel[]): Promise<void> {
  for (const { objectId, labeller, label, jd, note } of labels) {
    const row = { object_id: objectId, labeller, label: label ?? "", jd, note: note ?? null };
    if (label === null)
      await connection.db
        .deleteFrom("labels")
        .where("object_id", "=", objectId)
        .where("labeller", "=", labeller)
        .execute();
    else
      await connection.insert("labels", [row], (insert) =>
        insert.onConflict((conflict) =>
          conflict.columns(["object_id", "labeller"]).doUpdateSet((eb) => ({
            label: eb.ref("excluded.label"),
            jd: eb.ref("excluded.jd"),
            note: eb.ref("excluded.note"),
          })),
        ),
      );
  }
}

/**
 * Labels of sources; of all where none are named.
 *
 * @internal
 */
export async function loadLabels({ db, isIn }: Connection, objectIds?: readonly string[]): Promise<StoreLabel[]> {
  const rows = await db
    .selectFrom("labels")
    .selectAll()
    .$if(objectIds !== undefined, (query) => query.where((eb) => isIn(eb.ref("object_id"), objectIds!)))
    .orderBy("object_id")
    .orderBy("labeller")
    .execute();
  return rows.map(({ object_id, labeller, label, jd, note }) => ({
    objectId: object_id,
    labeller,
    label,
    jd,
    ...(note !== null && { note }),
  }));
}
