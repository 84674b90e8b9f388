import { toDecisionLine } from "@btsbot/decide";
import type { OutboxEntry, SourceState } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { decisionOf } from "@btsbot/policy";
import type { JsonValue, Policy } from "@btsbot/policy";
import { readMeta, writeMeta } from "./meta.js";
import { saveEntries } from "./outboxRows.js";
import { readStateFile } from "./readStateFile.js";
import type { StateSource } from "./readStateFile.js";
import { saveStates } from "./sourceRows.js";
import type { Connection } from "./connection.js";
import type { ImportCounts } from "./types.js";

/** Sources that are written at once. */
const PAGE = 1000;

/**
 * Takes over the state of earlier versions, once. What they had printed counts as done, as it did for them.
 *
 * @internal
 */
export async function importState(connection: Connection, folder: string): Promise<ImportCounts | undefined> {
  const { db } = connection;
  if ((await readMeta(db, "imported")) !== undefined) return undefined;
  const file = await readStateFile(folder);
  if (file === undefined) return undefined;
  if ((await db.selectFrom("sources").select("object_id").where("stepped", "=", 1n).executeTakeFirst()) !== undefined)
    throw new BtsbotError("state-mismatch", "the store has states of its own already", {
      path: folder,
      hint: "Take a state over into an empty store.",
    });
  const counts = { sources: 0, keys: 0 };
  for (const page of pagesOf(file.sources())) {
    await saveStates(connection, new Map(page.map(({ objectId, state }): [string, SourceState] => [objectId, state])));
    const entries = page.flatMap((source) => doneEntries(source, file.maker.policies));
    await saveEntries(connection, entries, "done");
    counts.sources += page.length;
    counts.keys += entries.length;
  }
  await writeMeta(db, "maker", file.maker);
  await writeMeta(db, "imported", { sha256: file.sha256 });
  return counts;
}

function doneEntries({ objectId, state, issued }: StateSource, policies: readonly Policy[]): OutboxEntry[] {
  const decisions = policies.flatMap((policy) => decisionOf(policy, state.policies[policy.name]) ?? []);
  return [
    ...decisions.map((decision): OutboxEntry => {
      const line = toDecisionLine({ decision });
      return { kind: "decision", key: line.key, objectId, body: line as unknown as JsonValue };
    }),
    ...issued.map((key): OutboxEntry => ({ kind: "action", key, objectId, body: null })),
  ];
}

function* pagesOf<T>(all: Iterable<T>): Generator<T[]> {
  let page: T[] = [];
  for (const each of all) {
    page.push(each);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
