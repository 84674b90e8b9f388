import type { Connection } from "./connection.js";
import type { StoreLabel } from "./types.js";

/**
 * Keeps labels, each in place of its labeller's last.
 *
 * @internal
 */
export async function saveLabels(connection: Connection, labels: readonly StoreLabel[]): Promise<void> {
  // In one order, always: who waits for one of these is waited for by nobody who has another.
  const ordered = labels.toSorted((a, b) => compare(a.objectId, b.objectId) || compare(a.labeller, b.labeller));
  for (const { objectId, labeller, label, jd, note } of ordered) {
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
