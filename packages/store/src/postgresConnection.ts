import { Kysely, PostgresDialect, sql } from "kysely";
import type { Insertable, RawBuilder } from "kysely";
import type { Connection } from "./connection.js";
import { LOCKS, lockKey } from "./postgresLocks.js";
import type { PostgresLink } from "./postgresLink.js";
import { KEYS } from "./tables.js";
import type { Tables } from "./tables.js";
import { writeArray } from "./writeArray.js";

/** How long a unit may be idle, ms: a process that hangs in it does not keep others from its sources for longer. */
const IDLE_MS = 60_000;

/**
 * A connection to PostgreSQL, of several that write at once. A statement sees what was committed before it began (read
 * committed), and what it is to change is locked before it is read.
 *
 * @param link - the session
 *
 * @internal
 */
export function openPostgresConnection(link: PostgresLink): Connection {
  // One client, whose transaction is begun and ended by us.
  const client = {
    query: (text: string, values: readonly unknown[]) => link.query(text, values),
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(client as never), end: () => Promise.resolve() };
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const typesOf = keepTypes(link);
  let numbered = false;
  const begin = async (alone: boolean): Promise<void> => {
    numbered = false;
    const idle = `set local idle_in_transaction_session_timeout = ${alone ? 0 : IDLE_MS}`;
    await link.begin(`begin isolation level read committed; ${idle}`);
    if (!alone) return;
    try {
      // Before there are tables nobody works on them: who makes them goes first.
      await sql`select pg_advisory_xact_lock(${lockKey(LOCKS.tables)})`.execute(db);
      const { rows } = await sql<{ found: string | null }>`select to_regclass('sources')::text as found`.execute(db);
      // Who locks a source waits for this, and this for whoever has one.
      if (rows[0].found !== null) await sql`lock table sources in exclusive mode`.execute(db);
    } catch (error) {
      await link.rollback().catch(() => undefined);
      throw error;
    }
  };
  return {
    db,
    ...POSTGRES,
    isIn: (column, values) => sql`${column} = any(${writeArray(values)})`,
    async insert(table, rows, onConflict = (insert) => insert) {
      if (rows.length === 0) return;
      const columns = Object.keys(rows[0]);
      const types = await typesOf(table);
      const last = lastOfEach(table, rows);
      const arrays = columns.map(
        (column): RawBuilder<unknown> =>
          sql`${writeArray(last.map((row) => (row as Record<string, unknown>)[column]))}::${sql.raw(types.get(column)!)}[]`,
      );
      const insert = db
        .insertInto(table)
        .columns(columns as never)
        .expression(sql`select * from unnest(${sql.join(arrays)})`);
      await onConflict(insert).execute();
    },
    begin: ({ alone = false } = {}) => begin(alone),
    commit: () => link.commit(),
    rollback: () => link.rollback(),
    lockSources: (objectIds) => lockSources(db, objectIds),
    async lockNumbers() {
      if (numbered) return;
      await sql`select pg_advisory_xact_lock(${lockKey(LOCKS.numbers)})`.execute(db);
      numbered = true;
    },
    async tableNames() {
      const { rows } = await sql<{ name: string }>`
        select table_name as name from information_schema.tables where table_schema = current_schema() order by 1`.execute(
        db,
      );
      return rows.map(({ name }) => name);
    },
    async size() {
      const { rows } = await sql<{ bytes: bigint }>`
        select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint as bytes from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace`.execute(db);
      return Number(rows[0].bytes);
    },
    // The server's autovacuum does it, beside all else.
    compact: () => Promise.resolve(),
    close: () => link.close(),
  };
}

/** How PostgreSQL differs. */
const POSTGRES = {
  bytes: "bytea",
  id: "bigint",
  number: "double precision",
  key: sql`text collate "C"`,
  longKeys: false,
  sharesRows: true,
  clustered: (table) => table,
} as const satisfies Partial<Connection>;

/** The types of a table's columns, as the database has them: asked once a table. */
function keepTypes(link: PostgresLink): (table: string) => Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return async (table) => {
    const kept = known.get(table);
    if (kept !== undefined) return kept;
    const { rows } = await link.query(
      "select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attnum > 0",
      [table],
    );
    const types = new Map(rows.map(({ name, type }) => [name as string, type as string]));
    known.set(table, types);
    return types;
  };
}

/** Of rows with one key the last: a statement changes a row once. */
function lastOfEach<T extends keyof Tables>(
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): readonly Insertable<Tables[T]>[] {
  const key: readonly string[] | undefined = KEYS[table];
  if (key === undefined || rows.length === 1) return rows;
  const last = new Map(
    rows.map((row) => [key.map((column) => String((row as Record<string, unknown>)[column])).join("\n"), row]),
  );
  return last.size === rows.length ? rows : [...last.values()];
}

/**
 * First those that are not there get a row, in order, then all are locked, in order. Whoever waits in the first step has no
 * lock of the second, and who waits in the second goes back to none of the first: nobody waits in a circle.
 */
async function lockSources(db: Kysely<Tables>, objectIds: readonly string[]): Promise<string[]> {
  const wanted = writeArray(objectIds);
  const { rows: added } = await sql<{ object_id: string }>`
    insert into sources (object_id, stepped)
    select wanted.object_id, 0 from unnest(${wanted}::text[]) as wanted (object_id)
    where not exists (select 1 from sources where sources.object_id = wanted.object_id collate "C")
    order by wanted.object_id collate "C"
    on conflict do nothing returning object_id`.execute(db);
  await sql`select object_id from sources where object_id = any(${wanted}) order by object_id for update`.execute(db);
  return added.map(({ object_id }) => object_id);
}
