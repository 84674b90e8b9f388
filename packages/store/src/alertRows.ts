import type { JudgedAlert } from "@btsbot/decide";
import { sql } from "kysely";
import type { Insertable } from "kysely";
import type { Connection } from "./connection.js";
import type { Tables } from "./tables.js";

/** What a model says. */
type Result = NonNullable<JudgedAlert["result"]>;

/** The fields of a packet that hold stamps. */
const STAMPS = ["cutoutScience", "cutoutTemplate", "cutoutDifference"] as const;

/**
 * Keeps which alerts passed, when their sources were seen, what models say of them, and, where they are wanted, stamps.
 *
 * @internal
 */
export async function saveAlerts(
  connection: Connection,
  judged: readonly JudgedAlert[],
  withStamps: boolean,
): Promise<void> {
  await saveSeen(connection, judged);
  await connection.insert(
    "alerts",
    judged.map(({ alert: { objectId, candid, candidate } }) => ({ object_id: objectId, candid, jd: candidate.jd })),
    (insert) =>
      insert.onConflict((conflict) =>
        conflict.columns(["object_id", "candid"]).doUpdateSet((eb) => ({ jd: eb.ref("excluded.jd") })),
      ),
  );
  await saveScores(connection, judged);
  if (!withStamps) return;
  const stamps = judged.flatMap(({ alert }) =>
    STAMPS.flatMap((kind) => {
      const bytes = alert[kind]?.stampData;
      return bytes === undefined ? [] : [{ object_id: alert.objectId, candid: alert.candid, kind, bytes }];
    }),
  );
  await connection.insert("stamps", stamps, (insert) =>
    insert.onConflict((conflict) =>
      conflict.columns(["object_id", "candid", "kind"]).doUpdateSet((eb) => ({ bytes: eb.ref("excluded.bytes") })),
    ),
  );
}

async function saveSeen(connection: Connection, judged: readonly JudgedAlert[]): Promise<void> {
  const seen = new Map<string, Insertable<Tables["sources"]>>();
  for (const { alert } of judged) {
    const { jd } = alert.candidate;
    const known = seen.get(alert.objectId);
    const first = Math.min(known?.first_seen ?? jd, jd);
    const last = Math.max(known?.last_seen ?? jd, jd);
    seen.set(alert.objectId, { object_id: alert.objectId, stepped: 0n, first_seen: first, last_seen: last });
  }
  await connection.insert("sources", [...seen.values()], (insert) =>
    insert.onConflict((conflict) =>
      conflict.column("object_id").doUpdateSet({
        first_seen: sql`case when sources.first_seen <= excluded.first_seen then sources.first_seen else excluded.first_seen end`,
        last_seen: sql`case when sources.last_seen >= excluded.last_seen then sources.last_seen else excluded.last_seen end`,
      }),
    ),
  );
}

async function saveScores(connection: Connection, judged: readonly JudgedAlert[]): Promise<void> {
  const scored = judged.flatMap(({ alert, result }) => (result === undefined ? [] : [{ alert, result }]));
  const ids = await idsOfProvenances(
    connection,
    scored.map(({ result }) => bodyOf(result)),
  );
  await connection.insert(
    "scores",
    scored.map(({ alert, result }) => ({
      object_id: alert.objectId,
      candid: alert.candid,
      provenance: ids.get(bodyOf(result))!,
      score: (result.status === "scored" ? result.score : undefined) ?? null,
      flags: result.flags.length === 0 ? null : JSON.stringify(result.flags),
      history: result.provenance.history === undefined ? null : JSON.stringify(result.provenance.history),
      detail: detailOf(result),
    })),
    (insert) =>
      insert.onConflict((conflict) =>
        conflict.columns(["object_id", "candid", "provenance"]).doUpdateSet((eb) => ({
          score: eb.ref("excluded.score"),
          flags: eb.ref("excluded.flags"),
          history: eb.ref("excluded.history"),
          detail: eb.ref("excluded.detail"),
        })),
      ),
  );
}

/** A provenance without what differs from alert to alert. */
function bodyOf({ provenance: { history: _, ...same } }: Result): string {
  return JSON.stringify(same);
}

function detailOf(result: Result): string | null {
  if (result.status === "unscored") return JSON.stringify({ reasons: result.reasons });
  return result.classes === undefined ? null : JSON.stringify({ classes: result.classes });
}

async function idsOfProvenances(connection: Connection, bodies: readonly string[]): Promise<Map<string, bigint>> {
  const wanted = [...new Set(bodies)];
  const ids = await findProvenances(connection, wanted);
  if (wanted.every((body) => ids.has(body))) return ids;
  await connection.lockNumbers();
  // Another may have been first.
  if (connection.sharesRows) for (const [body, id] of await findProvenances(connection, wanted)) ids.set(body, id);
  const { most } = await connection.db
    .selectFrom("provenances")
    .select((eb) => eb.fn.max("id").as("most"))
    .executeTakeFirstOrThrow();
  let last = BigInt(most ?? 0n);
  const rows = wanted.filter((body) => !ids.has(body)).map((body) => ({ id: (last += 1n), body }));
  await connection.insert("provenances", rows);
  for (const { id, body } of rows) ids.set(body, id);
  return ids;
}

async function findProvenances({ db, isIn }: Connection, bodies: readonly string[]): Promise<Map<string, bigint>> {
  if (bodies.length === 0) return new Map();
  const known = await db
    .selectFrom("provenances")
    .selectAll()
    .where((eb) => isIn(eb.ref("body"), bodies))
    .execute();
  return new Map(known.map(({ body, id }) => [body, id]));
}
