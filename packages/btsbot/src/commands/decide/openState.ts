import { createMemoryStore } from "@btsbot/decide";
import type { KeptSource, Store } from "@btsbot/decide";
import { BtsbotError, countOf } from "@btsbot/errors";
import type { StoreMaker } from "@btsbot/store";
import { makerOf } from "../../deciding/makerOf.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { DecideSetup } from "./types.js";

/**
 * Opens what is kept between runs, in a folder for this run alone; without a place, what is forgotten at the end. What earlier
 * versions kept in the folder is taken over once; what decides differently than before is told on standard error.
 *
 * @throws BtsbotError as `openStore` of `@btsbot/store`; `state-damaged` for what an earlier version kept
 *
 * @internal
 */
export async function openState(
  place: string | undefined,
  setup: DecideSetup,
  { stdout, stderr }: Terminal,
): Promise<Store> {
  if (place === undefined) return createMemoryStore({ lightCurves: false });
  const { openStore } = await import("@btsbot/store");
  const store = await openStore(place);
  try {
    // At an address there is no such file.
    const taken = await store.importStateFolder(place);
    if (taken !== undefined)
      complain(
        stderr,
        `took ${countOf(taken.sources, "source")} over from ${place}/state.jsonl, which is no longer read`,
      );
    if (store.isNew && taken === undefined) complain(stderr, `a new state begins in ${place}`);
    else stdout.goOn?.();
    for (const change of await store.adopt(makerOf(setup))) complain(stderr, change);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** What a folder's store says for a story. */
interface PeekedState {
  /** What it has of the source; absent where it does not know it. */
  readonly kept?: KeptSource;
  /** The filter and the model that it was made with, in words, where they are not those of the setup. */
  readonly madeWith?: string;
}

/**
 * What a folder's store has of a source, which another run may have in hand.
 *
 * @returns what it has; undefined where there is no store
 * @throws BtsbotError as `openStore` of `@btsbot/store`
 *
 * @internal
 */
export async function peekState(
  folder: string,
  objectId: string,
  setup: DecideSetup,
): Promise<PeekedState | undefined> {
  const { openStore } = await import("@btsbot/store");
  try {
    const store = await openStore(folder, { access: "watch" });
    try {
      const kept = (await store.load([objectId])).get(objectId);
      const madeWith = describeOther((await store.info()).maker, makerOf(setup));
      return { ...(kept && { kept }), ...(madeWith !== undefined && { madeWith }) };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof BtsbotError && error.code === "store-missing") return undefined;
    throw error;
  }
}

/** What chose and scored the alerts of a state, where that is not what would today. */
function describeOther(maker: StoreMaker | undefined, today: StoreMaker): string | undefined {
  const chosenBy = ({ model, filter }: StoreMaker): string => JSON.stringify([model, filter]);
  if (maker === undefined || chosenBy(maker) === chosenBy(today)) return undefined;
  const isRenamed = maker.filter?.name !== today.filter?.name || maker.model.name !== today.model.name;
  return `${isRenamed ? "" : "others of the same names: "}filter ${maker.filter?.name ?? "none"}, model ${maker.model.name}`;
}
