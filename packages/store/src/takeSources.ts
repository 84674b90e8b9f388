import type { Connection } from "./connection.js";

/** The sources that a unit works on. */
interface TakenSources {
  /** Has them until the unit is over. */
  take(objectIds: readonly string[]): Promise<void>;
  /** The same, for those of which something is kept. */
  keep(objectIds: readonly string[]): Promise<void>;
  /** Forgets those that were new, and of which nothing is kept. */
  settle(): Promise<void>;
}

/**
 * Takes sources for a unit: where several units work at once, each waits for whoever has one of the same. Of one unit the
 * sources of a call are taken in one order, always, so that two units that take theirs in one call never wait for each
 * other; where they do, the database gives one of them up (`store-conflict`).
 *
 * @internal
 */
export function takeSources(
  connection: Connection,
  { alone, checkMaker }: { readonly alone: boolean; readonly checkMaker: () => Promise<void> },
): TakenSources {
  const taken = new Set<string>();
  /** Those that have a row of nothing yet. */
  const empty = new Set<string>();
  let checked = false;
  const take = async (objectIds: readonly string[]): Promise<void> => {
    if (!connection.sharesRows) return;
    if (!alone) {
      const wanted = [...new Set(objectIds)].filter((objectId) => !taken.has(objectId));
      for (const objectId of wanted) taken.add(objectId);
      if (wanted.length > 0) for (const objectId of await connection.lockSources(wanted)) empty.add(objectId);
    }
    if (!checked) await checkMaker();
    checked = true;
  };
  return {
    take,
    async keep(objectIds) {
      await take(objectIds);
      for (const objectId of objectIds) empty.delete(objectId);
    },
    async settle() {
      if (empty.size === 0) return;
      await connection.db
        .deleteFrom("sources")
        .where((eb) => connection.isIn(eb.ref("object_id"), [...empty]))
        .execute();
    },
  };
}
