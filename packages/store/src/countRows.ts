import { readMeta } from "./meta.js";
import type { Connection } from "./connection.js";
import type { OutboxCounts, StoreInfo, StoreMaker } from "./types.js";

/**
 * What a store holds.
 *
 * @internal
 */
export async function countRows({ db, size }: Connection, path: string, version: number): Promise<StoreInfo> {
  const count = async (table: "sources" | "detections" | "limits" | "alerts" | "labels"): Promise<number> => {
    const { rows } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<bigint>().as("rows"))
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  const { first, last } = await db
    .selectFrom("alerts")
    .select((eb) => [eb.fn.min("jd").as("first"), eb.fn.max("jd").as("last")])
    .executeTakeFirstOrThrow();
  const states = await db
    .selectFrom("outbox")
    .select((eb) => ["kind", "state", eb.fn.countAll<bigint>().as("rows")])
    .groupBy(["kind", "state"])
    .execute();
  const outbox: Record<string, OutboxCounts> = {};
  for (const { kind, state, rows } of states)
    outbox[kind] = { ...(outbox[kind] ?? { pending: 0, done: 0, refused: 0 }), [state]: Number(rows) };
  const cursors = await db.selectFrom("cursors").selectAll().execute();
  const maker = await readMeta<StoreMaker>(db, "maker");
  return {
    path,
    version,
    bytes: await size(),
    ...(maker !== undefined && { maker }),
    sources: await count("sources"),
    detections: await count("detections"),
    limits: await count("limits"),
    alerts: await count("alerts"),
    labels: await count("labels"),
    ...(first != null && last != null && { nights: [first, last] as const }),
    outbox,
    cursors: Object.fromEntries(cursors.map(({ source, value }) => [source, value])),
  };
}
