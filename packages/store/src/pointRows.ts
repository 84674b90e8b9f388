import type { StoredPoint } from "@btsbot/alert";
import { orderPoints, toPoints } from "@btsbot/decide";
import type { HistoryPoint, JudgedAlert } from "@btsbot/decide";
import { sql } from "kysely";
import type { Insertable, Selectable } from "kysely";
import type { Connection } from "./connection.js";
import type { Tables } from "./tables.js";

/** What a point has beside its key. */
const VALUES = ["magpsf", "sigmapsf", "diffmaglim", "isdiffpos", "programid"] as const;

/** The values of the row that comes. */
const REPLACED = {
  magpsf: sql<number | null>`excluded.magpsf`,
  sigmapsf: sql<number | null>`excluded.sigmapsf`,
  diffmaglim: sql<number | null>`excluded.diffmaglim`,
  isdiffpos: sql<string | null>`excluded.isdiffpos`,
  programid: sql<bigint | null>`excluded.programid`,
};

/**
 * Keeps the points that alerts bring, each once.
 *
 * @internal
 */
export async function savePoints(connection: Connection, alerts: readonly JudgedAlert[]): Promise<void> {
  const detections: Insertable<Tables["detections"]>[] = [];
  const limits: Insertable<Tables["limits"]>[] = [];
  for (const { alert } of alerts)
    for (const point of toPoints(alert)) {
      const row = toRow(alert.objectId, point);
      if (point.candid != null) detections.push({ candid: point.candid, ...row });
      else limits.push({ detected: Number(point.magpsf != null), ...row });
    }
  // What is known already is not written again: most of a packet's history is.
  await connection.insert("detections", detections, (insert) =>
    insert.onConflict((conflict) =>
      conflict
        .columns(["object_id", "candid"])
        .doUpdateSet({ jd: sql`excluded.jd`, fid: sql`excluded.fid`, ...REPLACED })
        .where(differs("detections", ["jd", "fid", ...VALUES])),
    ),
  );
  await connection.insert("limits", limits, (insert) =>
    insert.onConflict((conflict) =>
      conflict.columns(["object_id", "jd", "fid", "detected"]).doUpdateSet(REPLACED).where(differs("limits", VALUES)),
    ),
  );
}

function differs(table: string, columns: readonly string[]): ReturnType<typeof sql<boolean>> {
  const row = (of: string) => sql.join(columns.map((column) => sql.ref(`${of}.${column}`)));
  return sql<boolean>`(${row(table)}) is distinct from (${row("excluded")})`;
}

/**
 * Light curves of sources, in two questions, however many they are.
 *
 * @internal
 */
export async function loadPoints(
  connection: Connection,
  objectIds: readonly string[],
  asOf: number | undefined,
): Promise<Map<string, HistoryPoint[]>> {
  if (objectIds.length === 0) return new Map();
  const found = new Map<string, StoredPoint[]>();
  for (const table of ["detections", "limits"] as const) {
    const rows = await connection.db
      .selectFrom(table)
      .selectAll()
      .where((eb) => connection.isIn(eb.ref("object_id"), objectIds))
      .$if(asOf !== undefined, (query) => query.where("jd", "<=", asOf!))
      .execute();
    for (const row of rows) {
      const points = found.get(row.object_id);
      if (points === undefined) found.set(row.object_id, [fromRow(row)]);
      else points.push(fromRow(row));
    }
  }
  return new Map([...found].map(([objectId, points]) => [objectId, orderPoints(points)]));
}

function toRow(objectId: string, { jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid }: StoredPoint) {
  return {
    object_id: objectId,
    jd,
    fid,
    magpsf: magpsf ?? null,
    sigmapsf: sigmapsf ?? null,
    diffmaglim: diffmaglim ?? null,
    isdiffpos: isdiffpos == null ? null : JSON.stringify(isdiffpos),
    programid: programid ?? null,
  };
}

type PointRow = Selectable<Tables["detections"]> | Selectable<Tables["limits"]>;

function fromRow(row: PointRow): StoredPoint {
  const { jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid } = row;
  return {
    jd,
    fid: Number(fid),
    ...("candid" in row && { candid: row.candid }),
    ...(magpsf !== null && { magpsf }),
    ...(sigmapsf !== null && { sigmapsf }),
    ...(diffmaglim !== null && { diffmaglim }),
    ...(isdiffpos !== null && { isdiffpos: JSON.parse(isdiffpos) as string | number | boolean }),
    ...(programid !== null && { programid: Number(programid) }),
  };
}
