import type { Connection } from "./connection.js";
import type { PruneCounts } from "./types.js";

/** Sources that go in one transaction: a commit beside it waits for no more than these. */
const PAGE = 500;

/**
 * Removes what was measured of some of the sources that were last seen before a date; of those that another has in hand
 * it leaves them for later.
 *
 * @returns what was removed; no source where none is left
 *
 * @internal
 */
export async function pruneSources(connection: Connection, before: number): Promise<PruneCounts> {
  const { db, isIn, sharesRows } = connection;
  const rows = await db
    .selectFrom("sources")
    .select("object_id")
    .where("last_seen", "<", before)
    .orderBy("last_seen")
    .limit(PAGE)
    .$if(sharesRows, (query) => query.forUpdate().skipLocked())
    .execute();
  const objectIds = rows.map(({ object_id }) => object_id);
  if (objectIds.length === 0) return { sources: 0, points: 0, alerts: 0 };
  const remove = async (table: "detections" | "limits" | "alerts" | "scores" | "stamps"): Promise<number> => {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where((eb) => isIn(eb.ref("object_id"), objectIds))
      .executeTakeFirst();
    return Number(numDeletedRows);
  };
  const points = (await remove("detections")) + (await remove("limits"));
  await remove("scores");
  await remove("stamps");
  const alerts = await remove("alerts");
  // The dates went with the alerts; so the same source is not counted again.
  await db
    .updateTable("sources")
    .set({ first_seen: null, last_seen: null })
    .where((eb) => isIn(eb.ref("object_id"), objectIds))
    .execute();
  return { sources: objectIds.length, points, alerts };
}
