import { loadLabels } from "./labelRows.js";
import { loadPoints } from "./pointRows.js";
import { loadSources } from "./sourceRows.js";
import type { Connection } from "./sqliteConnection.js";
import type { ExportedRow, ExportedTable } from "./types.js";

/** Sources, or entries, that are asked for at once. */
const PAGE = 500;

/**
 * A table row by row, in pages, so that it need not fit into memory.
 *
 * @internal
 */
export async function* exportRows(connection: Connection, table: ExportedTable): AsyncGenerator<ExportedRow> {
  if (table === "outbox") yield* outboxRows(connection);
  else if (table === "labels") yield* (await loadLabels(connection)).map((label) => ({ ...label }));
  else
    for await (const objectIds of pagesOfSources(connection)) {
      if (table === "points") yield* await pointRows(connection, objectIds);
      else yield* await (table === "alerts" ? alertRows : sourceRows)(connection, objectIds);
    }
}

async function* pagesOfSources({ db }: Connection): AsyncGenerator<string[]> {
  for (let after = ""; ;) {
    const rows = await db
      .selectFrom("sources")
      .select("object_id")
      .where("object_id", ">", after)
      .orderBy("object_id")
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return;
    after = rows.at(-1)!.object_id;
    yield rows.map(({ object_id }) => object_id);
  }
}

async function sourceRows(connection: Connection, objectIds: readonly string[]): Promise<ExportedRow[]> {
  const { db, isIn } = connection;
  const kept = await loadSources(connection, objectIds);
  const rows = await db
    .selectFrom("sources")
    .select(["object_id", "first_seen", "last_seen"])
    .where((eb) => isIn(eb.ref("object_id"), objectIds))
    .orderBy("object_id")
    .execute();
  return rows.map(({ object_id: objectId, first_seen: firstSeen, last_seen: lastSeen }) => ({
    objectId,
    firstSeen,
    lastSeen,
    ...kept.get(objectId)?.state,
    issued: kept.get(objectId)?.issued ?? [],
  }));
}

async function pointRows(connection: Connection, objectIds: readonly string[]): Promise<ExportedRow[]> {
  const found = await loadPoints(connection, objectIds, undefined);
  return objectIds.flatMap((objectId) =>
    (found.get(objectId) ?? []).map(({ candid, ...point }) => ({
      objectId,
      ...(candid != null && { candid: String(candid) }),
      ...point,
    })),
  );
}

async function alertRows({ db, isIn }: Connection, objectIds: readonly string[]): Promise<ExportedRow[]> {
  const rows = await db
    .selectFrom("alerts")
    .leftJoin("scores", (join) =>
      join.onRef("scores.object_id", "=", "alerts.object_id").onRef("scores.candid", "=", "alerts.candid"),
    )
    .leftJoin("provenances", "provenances.id", "scores.provenance")
    .select(["alerts.object_id", "alerts.candid", "alerts.jd", "score", "flags", "detail", "provenances.body"])
    .where((eb) => isIn(eb.ref("alerts.object_id"), objectIds))
    .orderBy("alerts.object_id")
    .orderBy("alerts.candid")
    .execute();
  return rows.map(({ object_id: objectId, candid, jd, score, flags, detail, body }) => ({
    objectId,
    candid: String(candid),
    jd,
    ...(score !== null && { score }),
    ...(detail !== null && (JSON.parse(detail) as object)),
    ...(body !== null && {
      flags: flags === null ? [] : (JSON.parse(flags) as unknown),
      provenance: JSON.parse(body) as unknown,
    }),
  }));
}

async function* outboxRows({ db }: Connection): AsyncGenerator<ExportedRow> {
  for (let after = 0n; ;) {
    const rows = await db
      .selectFrom("outbox")
      .selectAll()
      .where("number", ">", after)
      .orderBy("number")
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return;
    after = rows.at(-1)!.number;
    for (const { number, object_id: objectId, body, attempts, answer, reason, kind, key, state } of rows)
      yield {
        number: Number(number),
        kind,
        key,
        objectId,
        state,
        attempts: Number(attempts),
        ...(answer !== null && { answer: JSON.parse(answer) as unknown }),
        ...(reason !== null && { reason }),
        body: JSON.parse(body) as unknown,
      };
  }
}
