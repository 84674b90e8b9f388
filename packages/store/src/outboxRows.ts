import type { EntryKind, OutboxEntry, PendingEntry, PendingOptions, SinkAnswer } from "@btsbot/decide";
import { sql } from "kysely";
import type { Insertable } from "kysely";
import type { Connection } from "./connection.js";
import type { Tables } from "./tables.js";

/**
 * Puts entries into the outbox. One whose key is there is left alone, unless that was refused.
 *
 * @internal
 */
export async function saveEntries(
  connection: Connection,
  entries: readonly OutboxEntry[],
  state: "pending" | "done" = "pending",
): Promise<void> {
  if (entries.length === 0) return;
  const { db } = connection;
  // From here on others wait: who has seen a number has seen all below it, and a key comes once.
  await connection.lockNumbers();
  const known = await db
    .selectFrom("outbox")
    .select(["kind", "key", "state", "number"])
    .where((eb) => connection.isIn(eb.ref("key"), [...new Set(entries.map(({ key }) => key))]))
    .execute();
  const refused = new Map(known.filter((each) => each.state === "refused").map((each) => [nameOf(each), each.number]));
  const taken = new Set(known.filter((each) => each.state !== "refused").map(nameOf));
  const { most } = await db
    .selectFrom("outbox")
    .select((eb) => eb.fn.max("number").as("most"))
    .executeTakeFirstOrThrow();
  let last = BigInt(most ?? 0n);
  const rows: Insertable<Tables["outbox"]>[] = [];
  const replaced: number[] = [];
  for (const entry of entries) {
    const name = nameOf(entry);
    if (taken.has(name)) continue;
    taken.add(name);
    const old = refused.get(name);
    if (old !== undefined) replaced.push(Number(old));
    last += 1n;
    rows.push(toRow(entry, last, state));
  }
  if (replaced.length > 0)
    await db
      .deleteFrom("outbox")
      .where((eb) => connection.isIn(eb.ref("number"), replaced))
      .execute();
  await connection.insert("outbox", rows);
}

function toRow({ kind, key, objectId, body }: OutboxEntry, number: bigint, state: "pending" | "done") {
  return { number, kind, key, object_id: objectId, body: JSON.stringify(body), state, attempts: 0n };
}

function nameOf({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/**
 * Entries that nobody has answered for.
 *
 * @internal
 */
export async function loadPending(
  { db }: Connection,
  kind: EntryKind,
  { after = 0, limit = Infinity }: PendingOptions = {},
): Promise<PendingEntry[]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["number", "key", "object_id", "body", "attempts"])
    // As text of the statement, so that the index of what is pending applies.
    .where(sql<boolean>`state = 'pending'`)
    .where("kind", "=", kind)
    .where("number", ">", BigInt(after))
    .orderBy("number")
    .$if(limit !== Infinity, (query) => query.limit(limit))
    .execute();
  return rows.map(({ number, key, object_id, body, attempts }) => ({
    number: Number(number),
    kind,
    key,
    objectId: object_id,
    body: JSON.parse(body) as PendingEntry["body"],
    attempts: Number(attempts),
  }));
}

/**
 * Keeps what sinks said.
 *
 * @internal
 */
export async function saveAnswers(connection: Connection, answers: ReadonlyMap<number, SinkAnswer>): Promise<void> {
  await connection.lockNumbers();
  // Most are of one kind, with nothing to keep: one statement for each such kind.
  const alike = new Map<string, { readonly answer: SinkAnswer; readonly numbers: number[] }>();
  for (const [number, answer] of answers) {
    const name = JSON.stringify(answer);
    const group = alike.get(name);
    if (group === undefined) alike.set(name, { answer, numbers: [number] });
    else group.numbers.push(number);
  }
  for (const { answer, numbers } of alike.values())
    await connection.db
      .updateTable("outbox")
      .set((eb) => ({
        ...(answer.state === "again" ? { attempts: eb("attempts", "+", 1n) } : { state: answer.state }),
        answer: answer.answer === undefined ? null : JSON.stringify(answer.answer),
        reason: answer.reason ?? null,
      }))
      .where((eb) => connection.isIn(eb.ref("number"), numbers))
      .execute();
}
