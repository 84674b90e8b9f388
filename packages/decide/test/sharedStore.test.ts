import { createDecider, createMemoryStore, drainOutbox, runDecisions } from "@btsbot/decide";
import type { Lease, OutboxEntry, PendingEntry, Sink, SourceBatch, Store, UnitOptions } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { getPolicy } from "@btsbot/policy";
import { describe, expect, it } from "vitest";

const alert = { objectId: "a", candid: 1n, candidate: { jd: 2_460_000.75, fid: 1, magpsf: 18 } };
const result = { status: "scored", score: 0.99, flags: [], provenance: {} as never } as const;

/** A run over some batches into a store; what it did. */
function run(store: Store, batches: readonly SourceBatch[], settle: "batch" | "end" = "batch") {
  return runDecisions({
    source: {
      name: "night",
      async *batches() {
        yield* batches;
      },
    },
    judge: async (alerts) => alerts.map((each) => ({ ...each, result })),
    decider: createDecider({ policies: [getPolicy("gt1")] }),
    store,
    clock: () => 2_460_001,
    settle,
  });
}

/** A store whose commits fail so many times, by a code; and how its units were begun. */
function failing(times: number, code: "store-conflict" | "disk-full") {
  const real = createMemoryStore();
  const begun: UnitOptions[] = [];
  const store: Store = {
    ...real,
    async begin(options = {}) {
      begun.push(options);
      const unit = await real.begin(options);
      const isLast = begun.length > times;
      return { ...unit, commit: () => (isLast ? unit.commit() : Promise.reject(new BtsbotError(code, "not now"))) };
    },
  };
  return { store, begun };
}

const BATCH: SourceBatch = { items: [{ file: "f", index: 0, alert }], cursor: "1" };

describe("a run with others in the same store", () => {
  it("keeps a batch again that came into conflict, and counts it once", async () => {
    const { store, begun } = failing(3, "store-conflict");
    expect(await run(store, [BATCH])).toMatchObject({ alerts: 1, decisions: 1 });
    expect(begun).toEqual([{}, {}, {}, {}]);
    expect([(await store.pending("decision")).length, await store.cursor("night")]).toEqual([1, "1"]);
  });

  it("gives up in the end, and at once where it is not a conflict", async () => {
    const long = failing(100, "store-conflict");
    await expect(run(long.store, [BATCH])).rejects.toMatchObject({ code: "store-conflict" });
    expect(long.begun).toHaveLength(10);
    const full = failing(1, "disk-full");
    await expect(run(full.store, [BATCH])).rejects.toMatchObject({ code: "disk-full" });
    expect(full.begun).toHaveLength(1);
  });

  it("is alone where it decides at the end, and keeps cursors under their claims", async () => {
    const { store, begun } = failing(0, "disk-full");
    const batches: SourceBatch[] = ["1", "2"].map((value) => ({
      ...BATCH,
      cursor: value,
      cursors: [{ source: "part", value, claim: 1 }],
    }));
    await expect(run(store, batches, "end")).rejects.toMatchObject({ code: "store-fenced" });
    await store.claim(["part"]);
    await run(store, batches, "end");
    expect([await store.cursor("part"), await store.cursor("night")]).toEqual(["2", "2"]);
    // One for each batch, of which the first was fenced off; then one in which all are decided on.
    expect(begun).toEqual([{}, {}, {}, { alone: true }]);
  });
});

/** A store with entries that wait, and the leases that were taken of it. */
async function leased(inDoubt: boolean) {
  const real = createMemoryStore();
  const unit = await real.begin();
  const entry = (key: string): OutboxEntry => ({ kind: "decision", key, objectId: "a", body: null });
  await unit.save({ entries: [entry("1"), entry("2")] });
  await unit.commit();
  const told: string[] = [];
  const lost = new AbortController();
  const lease = (kind: string): Promise<Lease> => {
    told.push(`take ${kind}`);
    return Promise.resolve({
      inDoubt,
      lost: lost.signal,
      release: (cut = false) => (told.push(`release ${cut ? "in doubt" : "done"}`), Promise.resolve()),
    });
  };
  return { store: { ...real, lease } satisfies Store, lease, told, lost };
}

function sinkOf(take: Sink["take"]): Sink & { asked: string[]; given: string[] } {
  const [asked, given]: [string[], string[]] = [[], []];
  return {
    kind: "decision",
    asked,
    given,
    recall: async (entries) => (asked.push(...entries.map(({ key }) => key)), new Set(["1"])),
    take: async (entries: readonly PendingEntry[], signal) => {
      given.push(...entries.map(({ key }) => key));
      return take(entries, signal);
    },
  };
}
const DONE: Sink["take"] = async (entries) => entries.map(() => ({ state: "done" }));

describe("the right to hand over", () => {
  it("is taken where there is something, given back, and given up in doubt where the sink fails", async () => {
    const { store, told } = await leased(false);
    const cut = sinkOf(() => Promise.reject(new Error("cut")));
    await expect(drainOutbox(store, [cut])).rejects.toThrow("cut");
    const sink = sinkOf(DONE);
    await drainOutbox(store, [sink, { ...sinkOf(DONE), kind: "action" }]);
    await drainOutbox(store, [sink]);
    expect(told).toEqual(["take decision", "release in doubt", "take decision", "release done"]);
    expect([sink.asked, sink.given]).toEqual([[], ["1", "2"]]);
  });

  it("comes with doubts where who had it died: what arrived is asked for", async () => {
    const { store } = await leased(true);
    const sink = sinkOf(DONE);
    expect(await drainOutbox(store, [sink])).toEqual({ done: 2, refused: 0, waiting: 0 });
    expect([sink.asked, sink.given]).toEqual([["1", "2"], ["2"]]);
  });

  it("is not taken by who has it, and its loss ends the sink's waiting", async () => {
    const { store, lease, told, lost } = await leased(false);
    const held = await lease("decision");
    const sink = sinkOf(async (entries, signal) => {
      lost.abort();
      expect(signal?.aborted).toBe(true);
      return entries.map(() => ({ state: "again" as const }));
    });
    await drainOutbox(store, [sink], { lease: held, signal: new AbortController().signal });
    expect(told).toEqual(["take decision"]);
  });
});
