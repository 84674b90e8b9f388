import type { PendingEntry, Store } from "@btsbot/decide";

/** ZTF's programmes whose data are not public: partnership and Caltech. */
const NON_PUBLIC: readonly unknown[] = [2, 3];
/** Sources whose light curves are asked for at once. */
const PAGE = 500;

/**
 * The entries of sources of which everything is public: an action rests on its source's points.
 *
 * @internal
 */
export async function publicEntries(
  store: Pick<Store, "points">,
  entries: readonly PendingEntry[],
): Promise<readonly PendingEntry[]> {
  const objectIds = [...new Set(entries.map(({ objectId }) => objectId))];
  const hidden = new Set<string>();
  for (let from = 0; from < objectIds.length; from += PAGE)
    for (const [objectId, points] of await store.points(objectIds.slice(from, from + PAGE)))
      if (points.some(({ programid }) => NON_PUBLIC.includes(programid))) hidden.add(objectId);
  return entries.filter(({ objectId }) => !hidden.has(objectId));
}
