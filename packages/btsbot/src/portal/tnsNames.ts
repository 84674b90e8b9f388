import type { Knowledge, Store } from "@btsbot/decide";

/**
 * What is kept of a source's report to TNS: that it was sent, as which one and at which place in it; then, its name.
 *
 * @internal
 */
export type TnsState = { readonly report: number; readonly place: number } | { readonly name: string };

/** Under which name the store keeps it, among its cursors. */
const nameOf = (objectId: string): string => `tns/${objectId}`;

/**
 * What a store has of a source's report.
 *
 * @internal
 */
export async function readTnsState(store: Pick<Store, "cursor">, objectId: string): Promise<TnsState | undefined> {
  const kept = await store.cursor(nameOf(objectId));
  return kept === undefined ? undefined : (JSON.parse(kept) as TnsState);
}

/**
 * Keeps what became of reports.
 *
 * @internal
 */
export async function keepTnsStates(store: Store, states: ReadonlyMap<string, TnsState>): Promise<void> {
  const unit = await store.begin();
  const cursors = [...states].map(([objectId, state]) => ({ source: nameOf(objectId), value: JSON.stringify(state) }));
  await unit.save({ cursors });
  await unit.commit();
}

/**
 * Adds the names that TNS gave to sources of this store to what is known of them.
 *
 * @internal
 */
export function withTnsNames(store: Pick<Store, "cursor">, knowledge: Knowledge | undefined): Knowledge {
  return {
    async know(objectIds) {
      // Loaded where a plan is made.
      const { addTnsNames } = await import("@btsbot/skyportal");
      const named = addTnsNames(knowledge, async (objectId) => {
        const state = await readTnsState(store, objectId);
        return state !== undefined && "name" in state ? state.name : undefined;
      });
      return named.know(objectIds);
    },
  };
}
