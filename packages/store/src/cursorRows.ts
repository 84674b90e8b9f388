import { toFenced } from "@btsbot/decide";
import type { ClaimedCursor, SourceCursor } from "@btsbot/decide";
import { sql } from "kysely";
import type { Connection } from "./connection.js";

/**
 * Keeps how far sources were read.
 *
 * @throws BtsbotError `store-fenced` for a cursor of a claim that is not the last
 *
 * @internal
 */
export async function saveCursors(connection: Connection, cursors: readonly SourceCursor[]): Promise<void> {
  if (cursors.length === 0) return;
  const rows = inOrder(cursors.map(({ source, value }) => ({ source, value })));
  const claimed = inOrder(cursors.filter(({ claim }) => claim !== undefined));
  if (claimed.length > 0) {
    const last = await findClaims(connection, claimed, "share");
    for (const { source, claim } of claimed) if (claim !== last.get(source)) throw toFenced(source);
  }
  await connection.insert("cursors", rows, (insert) =>
    insert.onConflict((conflict) =>
      conflict.column("source").doUpdateSet((eb) => ({ value: eb.ref("excluded.value") })),
    ),
  );
}

/**
 * How far a source was read; undefined where it was not.
 *
 * @internal
 */
export async function loadCursor({ db }: Connection, source: string): Promise<string | undefined> {
  const row = await db.selectFrom("cursors").select("value").where("source", "=", source).executeTakeFirst();
  return row?.value;
}

/**
 * Forgets how far a source was read.
 *
 * @internal
 */
export async function dropCursor({ db }: Connection, source: string): Promise<void> {
  await db.deleteFrom("cursors").where("source", "=", source).execute();
}

/**
 * Claims sources: whoever had them before keeps no cursor of them any more.
 *
 * @internal
 */
export async function claimSources(
  connection: Connection,
  sources: readonly string[],
): Promise<Map<string, ClaimedCursor>> {
  if (sources.length === 0) return new Map();
  const rows = inOrder([...new Set(sources)].map((source) => ({ source, claim: 1n })));
  await connection.insert("claims", rows, (insert) =>
    insert.onConflict((conflict) => conflict.column("source").doUpdateSet({ claim: sql<bigint>`claims.claim + 1` })),
  );
  const claims = await findClaims(connection, rows, "update");
  const cursors = await connection.db
    .selectFrom("cursors")
    .selectAll()
    .where((eb) => connection.isIn(eb.ref("source"), [...claims.keys()]))
    .execute();
  const values = new Map(cursors.map(({ source, value }) => [source, value]));
  return new Map(
    [...claims].map(([source, claim]) => {
      const value = values.get(source);
      return [source, { claim, ...(value !== undefined && { value }) }];
    }),
  );
}

/** A claim that is made meanwhile is waited for, and waits until the cursor is kept. */
async function findClaims(
  { db, isIn, sharesRows }: Connection,
  of: readonly { readonly source: string }[],
  lock: "share" | "update",
): Promise<Map<string, number>> {
  const sources = of.map(({ source }) => source);
  const rows = await db
    .selectFrom("claims")
    .selectAll()
    .where((eb) => isIn(eb.ref("source"), sources))
    .orderBy("source")
    .$if(sharesRows && lock === "share", (query) => query.forShare())
    .execute();
  return new Map(rows.map(({ source, claim }) => [source, Number(claim)]));
}

/** In one order, always: who waits for one of these is waited for by nobody who has another. */
function inOrder<T extends { readonly source: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
}
