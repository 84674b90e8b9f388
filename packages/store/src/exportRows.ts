import { loadLabels } from "./labelRows.js";
import { loadPoints } from "./pointRows.js";
import { loadSources } from "./sourceRows.js";
import type { Connection } from "./connection.js";
import type { ExportedRow, ExportedTable } from "./types.js";

/** Sources, or entries, that are asked for at once. */
const PAGE = 500;

/** ZTF's programmes whose data are not public: partnership and Caltech. */
const NON_PUBLIC: readonly number[] = [2, 3];

/**
 * A table row by row, in pages, so that it need not fit into memory; without what is not public unless that is wanted.
 *
 * @internal
 */
export async function* exportRows(
  connection: Connection,
  table: ExportedTable,
  nonPublic: boolean,
): AsyncGenerator<ExportedRow> {
  if (table === "labels") yield* (await loadLabels(connection)).map((label) => ({ ...label }));
  else if (table === "outbox")
    for await (const page of pagesOfEntries(connection)) yield* await publicOf(connection, page, nonPublic);
  else
    for await (const objectIds of pagesOfSources(connection)) {
      if (table === "points") yield* await pointRows(connection, objectIds, nonPublic);
      else if (table === "alerts") yield* await alertRows(connection, objectIds, nonPublic);
      else yield* await publicOf(connection, await sourceRows(connection, objectIds), nonPublic);
    }
}

/** What a policy remembers, or asks for, rests on points of its source: where one is not public, neither is that. */
async function publicOf<T extends { readonly objectId: string }>(
  { db, isIn }: Connection,
  rows: readonly T[],
  nonPublic: boolean,
): Promise<readonly T[]> {
  if (nonPublic) return rows;
  const objectIds = [...new Set(rows.map(({ objectId }) => objectId))];
  const hidden = new Set<string>();
  for (const table of ["detections", "limits"] as const) {
    const found = await db
      .selectFrom(table)
      .select("object_id")
      .distinct()
      .where((eb) => isIn(eb.ref("object_id"), objectIds))
      .where((eb) => isIn(eb.ref("programid"), NON_PUBLIC))
      .execute();
    for (const { object_id } of found) hidden.add(object_id);
  }
  return rows.filter(({ objectId }) => !hidden.has(objectId));
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

/** A row that is of a source. */
type SourceRow = ExportedRow & { readonly objectId: string };

async function sourceRows(connection: Connection, objectIds: readonly string[]): Promise<SourceRow[]> {
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

async function pointRows(
  connection: Connection,
  objectIds: readonly string[],
  nonPublic: boolean,
): Promise<ExportedRow[]> {
  const found = await loadPoints(connection, objectIds, undefined);
  return objectIds.flatMap((objectId) =>
    (found.get(objectId) ?? [])
      .filter(({ programid }) => nonPublic || programid == null || !NON_PUBLIC.includes(programid))
      .map(({ candid, ...point }) => ({ objectId, ...(candid != null && { candid: String(candid) }), ...point })),
  );
}

async function alertRows(
  { db, isIn }: Connection,
  objectIds: readonly string[],
  nonPublic: boolean,
): Promise<ExportedRow[]> {
  const rows = await db
    .selectFrom("alerts")
    .leftJoin("scores", (join) =>
      join.onRef("scores.object_id", "=", "alerts.object_id").onRef("scores.candid", "=", "alerts.candid"),
    )
    .leftJoin("provenances", "provenances.id", "scores.provenance")
    .select([
      "alerts.object_id",
      "alerts.candid",
      "alerts.jd",
      "score",
      "flags",
      "history",
      "detail",
      "provenances.body",
    ])
    .where((eb) => isIn(eb.ref("alerts.object_id"), objectIds))
    .$if(!nonPublic, (query) =>
      query.where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("detections")
              .select("detections.candid")
              .whereRef("detections.object_id", "=", "alerts.object_id")
              .whereRef("detections.candid", "=", "alerts.candid")
              .where((inner) => isIn(inner.ref("programid"), NON_PUBLIC)),
          ),
        ),
      ),
    )
    .orderBy("alerts.object_id")
    .orderBy("alerts.candid")
    .execute();
  return rows.map(({ object_id: objectId, candid, jd, score, flags, history, detail, body }) => ({
    objectId,
    candid: String(candid),
    jd,
    ...(score !== null && { score }),
    ...(detail !== null && (JSON.parse(detail) as object)),
    ...(body !== null && {
      flags: flags === null ? [] : (JSON.parse(flags) as unknown),
      provenance: {
        ...(JSON.parse(body) as object),
        ...(history !== null && { history: JSON.parse(history) as unknown }),
      },
    }),
  }));
}

async function* pagesOfEntries({ db }: Connection): AsyncGenerator<SourceRow[]> {
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
    yield rows.map(({ number, object_id: objectId, body, attempts, answer, reason, kind, key, state }) => ({
      number: Number(number),
      kind,
      key,
      objectId,
      state,
      attempts: Number(attempts),
      ...(answer !== null && { answer: JSON.parse(answer) as unknown }),
      ...(reason !== null && { reason }),
      body: JSON.parse(body) as unknown,
    }));
  }
}
