import type { KeptSource, SourceState } from "@btsbot/decide";
import type { PolicyMatch, PolicyState } from "@btsbot/policy";
import { sql } from "kysely";
import type { Insertable } from "kysely";
import type { Connection } from "./connection.js";
import { loadDecided } from "./decidedRows.js";
import type { Tables } from "./tables.js";

/** An alert that counts, without the names of its values, which would be half of the database. */
type MatchRow = readonly [candid: string, jd: number, magpsf: number, score?: number | null, fid?: number];

/**
 * What is kept of sources: four questions, however many they are.
 *
 * @internal
 */
export async function loadSources(
  connection: Connection,
  objectIds: readonly string[],
): Promise<Map<string, KeptSource>> {
  const { db, isIn } = connection;
  const kept = new Map<string, { state: SourceState; decided?: SourceState; issued: string[] }>();
  if (objectIds.length === 0) return kept;
  const sources = await db
    .selectFrom("sources")
    .select(["object_id", "latest_jd", "latest_candid", "latest_ra", "latest_dec"])
    .where((eb) => isIn(eb.ref("object_id"), objectIds))
    .where("stepped", "=", 1n)
    .execute();
  if (sources.length === 0) return kept;
  const decided = await loadDecided(connection, objectIds);
  for (const { object_id, latest_jd: jd, latest_candid: candid, latest_ra: ra, latest_dec: dec } of sources) {
    const position = ra !== null && dec !== null ? { position: { ra, dec } } : {};
    const latest = jd !== null && candid !== null ? { latest: { jd, candid: String(candid), ...position } } : {};
    const last = decided.get(object_id);
    kept.set(object_id, { state: { policies: {}, ...latest }, ...(last && { decided: last }), issued: [] });
  }
  const states = await db
    .selectFrom("states")
    .innerJoin("rules", "rules.id", "states.rule")
    .select(["states.object_id", "states.policy", "states.matches", "rules.rule"])
    .where((eb) => isIn(eb.ref("states.object_id"), objectIds))
    .execute();
  for (const { object_id: objectId, policy, rule, matches } of states) {
    const policies = kept.get(objectId)?.state.policies as Record<string, PolicyState> | undefined;
    if (policies !== undefined) policies[policy] = { policy, rule, objectId, matches: readMatches(matches) };
  }
  const actions = await db
    .selectFrom("outbox")
    .select(["object_id", "key"])
    // The kind as text of the statement, so that the index of actions applies.
    .where(sql<boolean>`kind = 'action'`)
    .where((eb) => isIn(eb.ref("object_id"), objectIds))
    .where("state", "!=", "refused")
    .orderBy("number")
    .execute();
  for (const { object_id, key } of actions) kept.get(object_id)?.issued.push(key);
  return kept;
}

/**
 * Keeps what a decider remembers of sources, in place of what was kept.
 *
 * @internal
 */
export async function saveStates(connection: Connection, states: ReadonlyMap<string, SourceState>): Promise<void> {
  if (states.size === 0) return;
  await connection.insert("sources", [...states].map(toSourceRow), (insert) =>
    insert.onConflict((conflict) =>
      conflict.column("object_id").doUpdateSet((eb) => ({
        stepped: eb.ref("excluded.stepped"),
        latest_jd: eb.ref("excluded.latest_jd"),
        latest_candid: eb.ref("excluded.latest_candid"),
        latest_ra: eb.ref("excluded.latest_ra"),
        latest_dec: eb.ref("excluded.latest_dec"),
      })),
    ),
  );
  await connection.db
    .deleteFrom("states")
    .where((eb) => connection.isIn(eb.ref("object_id"), [...states.keys()]))
    .execute();
  const all = [...states].flatMap(([objectId, { policies }]) =>
    Object.values(policies).map((state) => ({ objectId, state })),
  );
  const rules = await idsOfRules(
    connection,
    all.map(({ state }) => state),
  );
  await connection.insert(
    "states",
    all.map(({ objectId, state: { policy, rule, matches } }) => ({
      object_id: objectId,
      policy,
      rule: rules.get(nameOf({ policy, rule }))!,
      matches: writeMatches(matches),
    })),
  );
}

function toSourceRow([objectId, { policies: _, latest, ...rest }]: readonly [string, SourceState]): Insertable<
  Tables["sources"]
> {
  // What a state may have beside is to have its column: this compiles only as long as there is nothing.
  void (rest satisfies Record<string, never>);
  return {
    object_id: objectId,
    stepped: 1n,
    latest_jd: latest?.jd ?? null,
    latest_candid: latest === undefined ? null : BigInt(latest.candid),
    latest_ra: latest?.position?.ra ?? null,
    latest_dec: latest?.position?.dec ?? null,
  };
}

type StateRule = Pick<PolicyState, "policy" | "rule">;

async function idsOfRules(connection: Connection, states: readonly StateRule[]): Promise<Map<string, bigint>> {
  const wanted = new Map(states.map(({ policy, rule }) => [nameOf({ policy, rule }), { policy, rule }]));
  let ids = await findRules(connection);
  if ([...wanted.keys()].every((name) => ids.has(name))) return ids;
  await connection.lockNumbers();
  // Another may have been first.
  if (connection.sharesRows) ids = await findRules(connection);
  let last = [...ids.values()].reduce((most, id) => (id > most ? id : most), 0n);
  const added = [...wanted].filter(([name]) => !ids.has(name)).map(([, rule]) => rule);
  const rows = added.map((rule) => ({ id: (last += 1n), ...rule }));
  await connection.insert("rules", rows);
  for (const { id, ...rule } of rows) ids.set(nameOf(rule), id);
  return ids;
}

/** There are as many as policies that this store has ever seen. */
async function findRules({ db }: Connection): Promise<Map<string, bigint>> {
  const known = await db.selectFrom("rules").selectAll().execute();
  return new Map(known.map(({ id, ...rule }) => [nameOf(rule), id]));
}

function nameOf({ policy, rule }: StateRule): string {
  return JSON.stringify([policy, rule]);
}

function writeMatches(matches: PolicyState["matches"]): string {
  return JSON.stringify(matches.map((each) => each.map(toRow)));
}

/**
 * Reads matches as this table, and the state files of earlier versions, have them.
 *
 * @internal
 */
export function readMatches(text: string): PolicyMatch[][] {
  return (JSON.parse(text) as MatchRow[][]).map((each) => each.map(fromRow));
}

function toRow({ candid, jd, magpsf, score, fid, ...rest }: PolicyMatch): MatchRow {
  void (rest satisfies Record<string, never>);
  if (fid !== undefined) return [candid, jd, magpsf, score ?? null, fid];
  return score === undefined ? [candid, jd, magpsf] : [candid, jd, magpsf, score];
}

function fromRow([candid, jd, magpsf, score, fid]: MatchRow): PolicyMatch {
  return { candid, jd, magpsf, ...(score != null && { score }), ...(fid !== undefined && { fid }) };
}
