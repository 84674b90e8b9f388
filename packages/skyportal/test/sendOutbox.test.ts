import { createMemoryStore } from "@btsbot/decide";
import type { PendingEntry, Sink, Store } from "@btsbot/decide";
import { describe, expect, it } from "vitest";
import { entriesOf, requestOf, saveOf } from "../../../test/support/skyportal/actions.js";
import { sendOutbox } from "../src/index.js";

async function fill(entries: readonly PendingEntry[]): Promise<Store> {
  const store = createMemoryStore();
  const unit = await store.begin();
  await unit.save({ entries: entries.map(({ kind, key, objectId, body }) => ({ kind, key, objectId, body })) });
  await unit.commit();
  return store;
}

/** A sink that writes down what it is given. */
function listen(answer: (entry: PendingEntry) => ReturnType<Sink["take"]> | undefined = () => undefined) {
  const taken: string[] = [];
  const sink: Sink = {
    kind: "action",
    async take(entries) {
      taken.push(...entries.map(({ key }) => key));
      return (await answer(entries[0])) ?? entries.map(() => ({ state: "done" as const }));
    },
  };
  return { sink, taken };
}

const [a, b, c, d] = ["a", "b", "c", "d"].map((letter) => `ZTF26aaaaaa${letter}`);
const desc = { instrument: "XRT", allocationId: 2, payload: {}, priorityOrder: "desc" } as const;

describe("sendOutbox", () => {
  it("sends the most urgent sources first, each with all that is asked for it, in order", async () => {
    const actions = [
      saveOf(a),
      saveOf(b),
      requestOf(b, 2),
      saveOf(c),
      requestOf(c, 4),
      requestOf(d, 0, { rule: desc }),
    ];
    const { sink, taken } = listen();
    const counts = await sendOutbox(await fill(entriesOf(actions)), sink, { atOnce: 1 });
    expect(taken).toEqual([5, 3, 4, 1, 2, 0].map((place) => actions[place].key));
    expect(counts).toEqual({ done: 6, refused: 0, waiting: 0, held: 0 });
  });

  it("marks what it hands over before it does, and keeps the answers one source at a time", async () => {
    const store = await fill(entriesOf([saveOf(a), saveOf(b)]));
    const seen: number[][] = [];
    const { sink } = listen(() => {
      void store.pending("action").then((all) => seen.push(all.map(({ attempts }) => attempts)));
      return undefined;
    });
    await sendOutbox(store, sink, { atOnce: 1 });
    expect(seen).toEqual([[1, 0], [1]]);
  });

  it("keeps the answers of the others where one call ends the sending, and hands over nothing more", async () => {
    const store = await fill(entriesOf([a, b, c, d].map((id) => saveOf(id))));
    const { sink, taken } = listen((entry) =>
      entry.objectId === b ? Promise.reject(new Error("no token")) : undefined,
    );
    await expect(sendOutbox(store, sink, { atOnce: 2 })).rejects.toThrow("no token");
    expect(taken).not.toContain(saveOf(d).key);
    expect((await store.pending("action")).map(({ objectId }) => objectId)).not.toContain(a);
    expect((await store.pending("action")).map(({ objectId }) => objectId)).toContain(b);
  });

  it("leaves what was not chosen, and what comes after the end", async () => {
    const store = await fill(entriesOf([saveOf(a), saveOf(b), saveOf(c)]));
    const end = new AbortController();
    const { sink, taken } = listen(() => {
      end.abort();
      return undefined;
    });
    const choose = (entries: readonly PendingEntry[]) =>
      Promise.resolve(entries.filter(({ objectId }) => objectId !== a));
    await sendOutbox(store, sink, { atOnce: 1, choose, signal: end.signal });
    expect(taken).toEqual([saveOf(b).key]);
    expect(await store.pending("action")).toHaveLength(2);
  });

  it("counts what is held apart from what waits, and asks each time", async () => {
    const store = await fill(entriesOf([saveOf(a), saveOf(b)]));
    const { sink } = listen((entry) =>
      Promise.resolve([{ state: "again" as const, ...(entry.objectId === a && { answer: { held: true } }) }]),
    );
    for (const expected of [1, 1])
      expect(await sendOutbox(store, sink)).toEqual({ done: 0, refused: 0, waiting: 1, held: expected });
  });
});
