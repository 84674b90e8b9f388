import type { Connection } from "./sqliteConnection.js";
import type { PruneCounts } from "./types.js";

/**
 * Removes what was measured of sources that were last seen before a date.
 *
 * @internal
 */
export async function pruneSources({ db }: Connection, before: number): Promise<PruneCounts> {
  const remove = async (table: "detections" | "limits" | "alerts" | "scores" | "stamps"): Promise<number> => {
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where("object_id", "in", (eb) => eb.selectFrom("sources").select("object_id").where("last_seen", "<", before))
      .executeTakeFirst();
    return Number(numDeletedRows);
  };
  const points = (await remove("detections")) + (await remove("limits"));
  await remove("scores");
  await remove("stamps");
  const alerts = await remove("alerts");
  // The dates went with the alerts; so the same source is not counted again.
  const { numUpdatedRows } = await db
    .updateTable("sources")
    .set({ first_seen: null, last_seen: null })
    .where("last_seen", "<", before)
    .executeTakeFirst();
  return { sources: Number(numUpdatedRows), points, alerts };
}
