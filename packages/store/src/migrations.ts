import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Dialect } from "./connection.js";
import type { Tables } from "./tables.js";

/** Makes the tables of one version out of those of the version before. */
export type Migration = (db: Kysely<Tables>, dialect: Dialect) => Promise<void>;

/** In order: the version of a database is how many of them it has seen. One that was published is never changed. */
export const MIGRATIONS: readonly Migration[] = [createTables, addHistory, createClaims, createDecided];

async function createTables(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await createSources(db, dialect);
  await createAlerts(db, dialect);
  await db.schema
    .createTable("outbox")
    .addColumn("number", dialect.id, (column) => column.primaryKey())
    .addColumn("kind", dialect.key, (column) => column.notNull())
    .addColumn("key", dialect.key, (column) => column.notNull())
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("answer", "text")
    .addColumn("reason", "text")
    .addUniqueConstraint("outbox_key", ["key", "kind"])
    .execute();
  await sql`create index outbox_pending on outbox (kind, number) where state = 'pending'`.execute(db);
  await sql`create index outbox_actions on outbox (object_id) where kind = 'action'`.execute(db);
  await dialect
    .clustered(db.schema.createTable("cursors"))
    .addColumn("source", dialect.key, (column) => column.primaryKey().notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await dialect
    .clustered(db.schema.createTable("labels"))
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("labeller", dialect.key, (column) => column.notNull())
    .addColumn("label", "text", (column) => column.notNull())
    .addColumn("jd", "double precision", (column) => column.notNull())
    .addColumn("note", "text")
    .addPrimaryKeyConstraint("labels_key", ["object_id", "labeller"])
    .execute();
}

/** What of a light curve a score was made of differs from alert to alert: kept with the score, not with its provenance. */
async function addHistory(db: Kysely<Tables>): Promise<void> {
  await db.schema.alterTable("scores").addColumn("history", "text").execute();
}

async function createSources(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await dialect
    .clustered(db.schema.createTable("sources"))
    .addColumn("object_id", dialect.key, (column) => column.primaryKey().notNull())
    .addColumn("stepped", "integer", (column) => column.notNull())
    .addColumn("latest_jd", "double precision")
    .addColumn("latest_candid", "bigint")
    .addColumn("latest_ra", "double precision")
    .addColumn("latest_dec", "double precision")
    .addColumn("first_seen", "double precision")
    .addColumn("last_seen", "double precision")
    .execute();
  await db.schema.createIndex("sources_last_seen").on("sources").column("last_seen").execute();
  const rules = db.schema
    .createTable("rules")
    .addColumn("id", dialect.id, (column) => column.primaryKey())
    .addColumn("policy", dialect.key, (column) => column.notNull())
    .addColumn("rule", "text", (column) => column.notNull());
  await (dialect.longKeys ? rules.addUniqueConstraint("rules_key", ["policy", "rule"]) : rules).execute();
  await dialect
    .clustered(db.schema.createTable("states"))
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("policy", dialect.key, (column) => column.notNull())
    .addColumn("rule", dialect.id, (column) => column.notNull())
    .addColumn("matches", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("states_key", ["object_id", "policy"])
    .execute();
  for (const [table, own] of [
    ["detections", "candid"],
    ["limits", "detected"],
  ] as const)
    await dialect
      .clustered(db.schema.createTable(table))
      .addColumn("object_id", dialect.key, (column) => column.notNull())
      .addColumn(own, own === "candid" ? "bigint" : "integer", (column) => column.notNull())
      .addColumn("jd", "double precision", (column) => column.notNull())
      .addColumn("fid", dialect.number, (column) => column.notNull())
      .addColumn("magpsf", "double precision")
      .addColumn("sigmapsf", "double precision")
      .addColumn("diffmaglim", "double precision")
      .addColumn("isdiffpos", "text")
      .addColumn("programid", dialect.number)
      .addPrimaryKeyConstraint(
        `${table}_key`,
        // The last two of the second tell apart what the id tells apart in the first.
        (own === "candid" ? ["object_id", "candid"] : ["object_id", "jd", "fid", "detected"]) as never[],
      )
      .execute();
}

async function createAlerts(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await dialect
    .clustered(db.schema.createTable("alerts"))
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("candid", "bigint", (column) => column.notNull())
    .addColumn("jd", "double precision")
    .addPrimaryKeyConstraint("alerts_key", ["object_id", "candid"])
    .execute();
  await db.schema.createIndex("alerts_jd").on("alerts").column("jd").execute();
  await db.schema
    .createTable("provenances")
    .addColumn("id", dialect.id, (column) => column.primaryKey())
    .addColumn("body", "text", (column) => (dialect.longKeys ? column.notNull().unique() : column.notNull()))
    .execute();
  if (!dialect.longKeys) await sql`create index provenances_body on provenances using hash (body)`.execute(db);
  await dialect
    .clustered(db.schema.createTable("scores"))
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("candid", "bigint", (column) => column.notNull())
    .addColumn("provenance", dialect.id, (column) => column.notNull())
    .addColumn("score", "double precision")
    .addColumn("flags", "text")
    .addColumn("detail", "text")
    .addPrimaryKeyConstraint("scores_key", ["object_id", "candid", "provenance"])
    .execute();
  await db.schema
    .createTable("stamps")
    .addColumn("object_id", dialect.key, (column) => column.notNull())
    .addColumn("candid", "bigint", (column) => column.notNull())
    .addColumn("kind", dialect.key, (column) => column.notNull())
    .addColumn("bytes", dialect.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("stamps_key", ["object_id", "candid", "kind"])
    .execute();
}

/** Who reads which source, and who hands over which entries, where several runs share a store. */
async function createClaims(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await dialect
    .clustered(db.schema.createTable("claims"))
    .addColumn("source", dialect.key, (column) => column.primaryKey().notNull())
    .addColumn("claim", dialect.id, (column) => column.notNull())
    .execute();
  await dialect
    .clustered(db.schema.createTable("leases"))
    .addColumn("kind", dialect.key, (column) => column.primaryKey().notNull())
    .addColumn("holder", "text")
    .execute();
}

/** On what was decided last, where a run that decides at the end has not come to it. */
async function createDecided(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  await dialect
    .clustered(db.schema.createTable("decided"))
    .addColumn("object_id", dialect.key, (column) => column.primaryKey().notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .execute();
}
