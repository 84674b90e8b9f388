import { createDecider, createMemoryStore, orderPoints, runDecisions } from "@btsbot/decide";
import type { JudgedAlert, OutboxEntry, PendingEntry, Sink, SourceBatch, Store } from "@btsbot/decide";
import { getPolicy } from "@btsbot/policy";
import type { Policy } from "@btsbot/policy";
import { openStore } from "@btsbot/store";
import type { SqlStore, StoreMaker } from "@btsbot/store";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { FIRST, makeChange, makeJudged } from "./makeChange.js";

const POLICIES = ["gt1", "gt2", "bts_p2"].map((name) => getPolicy(name));
const SOURCES = ["a", "b", "c", "d"];

/** A batch of a reader: which sources, in which nights. */
type Batch = readonly (readonly [source: string, night: number])[];

/** What several runs did, with all that shows it. */
interface Content {
  readonly states: unknown;
  readonly points: unknown;
  readonly entries: readonly Omit<PendingEntry, "number">[];
}

/** A run over batches, as the loop does it; each announces itself, so that the outbox tells in which order they were kept. */
function run(store: Store, name: string, batches: readonly Batch[], sinks: readonly Sink[] = []) {
  const judge = async (alerts: readonly { alert: { objectId: string; candidate: { jd: number } } }[]) =>
    alerts.map(({ alert }) => makeJudged(alert.objectId, alert.candidate.jd - FIRST, 3));
  let announced = 0;
  return runDecisions({
    source: {
      name,
      async *batches({ after = "0" } = {}): AsyncGenerator<SourceBatch> {
        for (let place = Number(after); place < batches.length; place += 1)
          yield { items: batches[place].map((each): JudgedAlert => makeJudged(...each)), cursor: String(place + 1) };
      },
    },
    judge: judge as never,
    decider: createDecider({ policies: POLICIES }),
    store,
    sinks,
    clock: () => FIRST + 100,
    announce: (): OutboxEntry[] => [
      { kind: "alert", key: `${name}/${String((announced += 1) - 1)}`, objectId: "", body: null },
    ],
  });
}

async function contentOf(store: Store): Promise<Content> {
  const states = await store.load(SOURCES);
  const points = await store.points(SOURCES);
  const entries = (
    await Promise.all((["alert", "decision", "action"] as const).map((kind) => store.pending(kind)))
  ).flat();
  return {
    states: SOURCES.map((source) => states.get(source)),
    points: SOURCES.map((source) => orderPoints(points.get(source) ?? [])),
    entries: entries.sort((a, b) => a.number - b.number).map(({ number: _, ...entry }) => entry),
  };
}

describeWithPostgres("a store that several share", () => {
  let server: PostgresServer;
  const opened: SqlStore[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  /** Several stores of one new schema, opened at once. */
  const open = async (count: number, waitMs = 10_000): Promise<SqlStore[]> => {
    const url = await server.newSchema();
    const stores = await Promise.all(Array.from({ length: count }, () => openStore(url, { waitMs })));
    opened.push(...stores);
    return stores;
  };

  it("is made once, by however many at once, and each has its own part of the work", async () => {
    const stores = await open(4);
    await Promise.all(stores.map((store, place) => run(store, `r${place}`, [[[SOURCES[place], 0]]])));
    expect(await stores[0].info()).toMatchObject({ sources: 4, cursors: { r0: "1", r1: "1", r2: "1", r3: "1" } });
  });

  it("comes to what one alone would, batch by batch in the order of their commits", async () => {
    const batch = fc.array(fc.tuple(fc.constantFrom(...SOURCES), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 4,
    });
    const readers = fc.array(fc.array(batch, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 });
    const property = fc.asyncProperty(readers, async (parts) => {
      const stores = await open(parts.length);
      await Promise.all(parts.map((batches, place) => run(stores[place], String(place), batches)));
      const shared = await contentOf(stores[0]);
      const order = shared.entries.filter(({ kind }) => kind === "alert").map(({ key }) => key.split("/").map(Number));
      expect(order).toHaveLength(parts.flat().length);
      // One after the other, in that order: each batch once, nothing lost, nothing twice.
      const alone = createMemoryStore();
      for (const [reader, place] of order) {
        const all = parts[reader].slice(0, place + 1);
        await run(alone, String(reader), all);
      }
      const serial = await contentOf(alone);
      const named = ({ entries }: Content) => entries.filter(({ kind }) => kind !== "alert");
      expect([shared.states, shared.points, named(shared)]).toEqual([serial.states, serial.points, named(serial)]);
      for (const store of opened.splice(0)) await store.close();
    });
    await fc.assert(property, { seed: 19, numRuns: 15 });
  });

  it("hands each entry over once, by one at a time", async () => {
    const stores = await open(3);
    const given: string[] = [];
    let within = 0;
    const sink: Sink = {
      kind: "decision",
      async take(entries) {
        expect((within += 1)).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        given.push(...entries.map(({ key }) => key));
        within -= 1;
        return entries.map(() => ({ state: "done" }));
      },
    };
    const nights = (place: number): Batch[] =>
      [0, 1, 2, 3, 4].map((night) => SOURCES.map((source) => [source + String((night + place) % 3), night]));
    await Promise.all(stores.map((store, place) => run(store, String(place), nights(place), [sink])));
    expect(given.length).toBeGreaterThan(10);
    expect(new Set(given).size).toBe(given.length);
    expect(await stores[0].pending("decision")).toEqual([]);
    expect((await stores[0].info()).outbox.decision).toEqual({ pending: 0, done: given.length, refused: 0 });
  });

  it("lets who has other sources go on, and who has the same wait, a stated time", async () => {
    const [first, second] = await open(2, 150);
    const unit = await first.begin();
    await unit.load(["a", "new"]);
    const other = await second.begin();
    expect((await other.load(["b"])).size).toBe(0);
    await other.save(makeChange(["b"], 1));
    await other.commit();
    for (const source of ["a", "new"]) {
      const waiting = await second.begin();
      await expect(waiting.load([source])).rejects.toMatchObject({ code: "store-busy" });
      await waiting.rollback();
    }
    await unit.commit();
    const next = await second.begin();
    await next.load(["a"]);
    await next.rollback();
    // Sources that were asked for, and of which nothing is kept, leave nothing.
    expect((await first.info()).sources).toBe(1);
  });

  it("gives one of two up that wait for each other, and keeps nothing of a unit of which a part failed", async () => {
    const [first, second] = await open(2);
    const [one, two] = [await first.begin(), await second.begin()];
    await one.load(["a"]);
    await two.load(["b"]);
    const ends = await Promise.allSettled([one.load(["b"]), two.load(["a"])]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = ends[0].status === "rejected" ? one : two;
    // A server answers such a commit with a rollback, and no error.
    await expect(lost.commit()).rejects.toMatchObject({ code: "store-conflict" });
    await (lost === one ? two : one).rollback();
  });

  it("has a unit that is alone wait for all others, and they for it", async () => {
    const [first, second] = await open(2, 150);
    const unit = await first.begin();
    await unit.load(["a"]);
    await expect(second.begin({ alone: true })).rejects.toMatchObject({ code: "store-busy" });
    await unit.commit();
    const alone = await second.begin({ alone: true });
    for (const source of ["b", "a"]) await alone.load([source]);
    const waiting = await first.begin();
    await expect(waiting.load(["z"])).rejects.toMatchObject({ code: "store-busy" });
    await waiting.rollback();
    await alone.commit();
  });

  it("has a claim wait for the commit under the one before, and see it", async () => {
    const [first, second] = await open(2);
    const { claim } = (await first.claim(["p"])).get("p")!;
    const unit = await first.begin();
    await unit.save({ cursor: { source: "p", value: "7", claim } });
    const taken = second.claim(["p"]);
    await unit.commit();
    expect((await taken).get("p")).toEqual({ claim: 2, value: "7" });
    const late = await first.begin();
    await expect(late.save({ cursor: { source: "p", value: "8", claim } })).rejects.toMatchObject({
      code: "store-fenced",
    });
    await late.rollback();
  });

  it("stops who goes on by what another has replaced", async () => {
    const [first, second] = await open(2);
    const model = { name: "m", sha256: "0" };
    const maker = (...policies: Policy[]): StoreMaker => ({ model, filter: null, policies });
    await first.adopt(maker(POLICIES[0]));
    await second.adopt(maker(POLICIES[0]));
    await run(first, "first", [[["a", 0]]]);
    await second.adopt(maker({ ...POLICIES[0], require: POLICIES[1].require }));
    await expect(run(first, "first", [[["a", 0]], [["a", 1]]])).rejects.toMatchObject({ code: "store-fenced" });
    expect(await second.cursor("first")).toBe("1");
  });

  it("prunes beside units, some sources at a time, and leaves for later what one has in hand", async () => {
    const [first, second] = await open(2, 500);
    const many = Array.from({ length: 1200 }, (_, place) => `s${place}`);
    const whole = await first.begin();
    await whole.save(makeChange(many, 1, 2));
    await whole.commit();
    const unit = await first.begin();
    await unit.load(["s7"]);
    expect(await second.prune(FIRST + 50)).toMatchObject({ sources: 1199 });
    await unit.save(makeChange(["s7"], 60, 0));
    await unit.commit();
    expect(await second.prune(FIRST + 50)).toMatchObject({ sources: 0 });
    expect((await first.points(many)).size).toBe(1);
    await expect(second.prune(FIRST + 70, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});
