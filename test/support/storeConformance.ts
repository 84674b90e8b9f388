import type { Alert, PrvCandidate } from "@btsbot/alert";
import { orderPoints, toPoints } from "@btsbot/decide";
import type {
  Change,
  History,
  HistoryPoint,
  JudgedAlert,
  KeptSource,
  OutboxEntry,
  SinkAnswer,
  SourceState,
  Store,
} from "@btsbot/decide";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A store that is there for one test. */
export interface OpenedStore {
  /** The store. */
  readonly store: Store;
  /** Closes it, and opens it again; undefined where closing forgets all. */
  reopen?(): Promise<Store>;
  /** Removes what it has left. */
  remove?(): Promise<void>;
}

const JD = 2460000.75;
/** What a double cannot hold, and the ends of what 64 bits can. */
const IDS = [1_127_495_406_315_015_005n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 0n];
const provenance = { model: "stub", version: "1", engine: "none" } as never;

/**
 * What every store must do, as one suite.
 *
 * @param name - names the suite
 * @param open - opens an empty one
 */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`store ${name}`, () => {
    let opened: OpenedStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
    });
    afterEach(async () => {
      await store.close();
      await opened.remove?.();
    });
    const again = async (): Promise<void> => {
      if (opened.reopen !== undefined) store = await opened.reopen();
    };
    const keep = async (...changes: Change[]): Promise<void> => {
      const unit = await store.begin();
      try {
        for (const change of changes) await unit.save(change);
        await unit.commit();
      } catch (error) {
        await unit.rollback();
        throw error;
      }
    };

    describeUnits(() => store, keep, again);
    describePoints(() => store, keep, again);
    describeOutbox(() => store, keep, again);

    it("is refused once it is closed, and so is its unit", async () => {
      const unit = await store.begin();
      await store.close();
      await expect(store.begin()).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.cursor("a")).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.load(["a"])).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.points(["a"])).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.pending("action")).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.claim(["a"])).rejects.toMatchObject({ code: "store-closed" });
      await expect(store.answer(new Map())).rejects.toMatchObject({ code: "store-closed" });
      await expect(unit.commit()).rejects.toMatchObject({ code: "store-closed" });
      await store.close();
    });

    it("does what a simple model does, whatever units come, kept and given up, with answers between", async () => {
      const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await store.close();
        await opened.remove?.();
        opened = await open();
        ({ store } = opened);
        const model = createModel();
        for (const each of steps) {
          if ("reopen" in each) await again();
          else if ("answers" in each) {
            const answers = await answersFor(store, each.answers);
            await store.answer(answers);
            model.answer(answers);
          } else {
            const unit = await store.begin();
            for (const change of each.changes) await unit.save(change);
            if (each.kept) await unit.commit();
            else await unit.rollback();
            if (each.kept) each.changes.forEach((change) => model.keep(change));
          }
          // What closing forgets is not compared with what it should hold.
          expect(await contentOf(store)).toEqual(model.content());
        }
      });
      await fc.assert(property, { seed: 17, numRuns: 60 });
    });
  });
}

type Get = () => Store;
type Keep = (...changes: Change[]) => Promise<void>;
type Again = () => Promise<void>;

function describeUnits(get: Get, keep: Keep, again: Again): void {
  it("keeps all of a unit at its commit, and nothing before or without it", async () => {
    const change: Change = {
      states: new Map([["a", stateOf("a", IDS[0])]]),
      alerts: [judgedOf("a", IDS[0], 0)],
      entries: [entryOf("action", "a", "k")],
      cursor: { source: "night", value: "7" },
    };
    const unit = await get().begin();
    await unit.save(change);
    expect(await contentOf(get())).toEqual(createModel().content());
    await unit.rollback();
    await unit.rollback();
    expect(await contentOf(get())).toEqual(createModel().content());
    await keep(change);
    await again();
    const model = createModel();
    model.keep(change);
    expect(await contentOf(get())).toEqual(model.content());
    expect(await get().cursor("night")).toBe("7");
  });

  it("shows a unit what it has saved itself", async () => {
    await keep({ states: new Map([["a", stateOf("a", 1n)]]), entries: [entryOf("action", "a", "first")] });
    const unit = await get().begin();
    await unit.save({ states: new Map([["a", stateOf("a", 2n)]]), entries: [entryOf("action", "a", "second")] });
    const kept = await unit.load(["a", "b"]);
    expect([...kept.keys()]).toEqual(["a"]);
    expect(kept.get("a")!.state).toEqual(stateOf("a", 2n));
    expect([...kept.get("a")!.issued].sort()).toEqual(["first", "second"]);
    await unit.rollback();
    expect((await get().load(["a"])).get("a")!.state).toEqual(stateOf("a", 1n));
  });

  it("gives states and 64-bit ids back exactly", async () => {
    const states = new Map(IDS.map((candid, place) => [`s${place}`, stateOf(`s${place}`, candid)]));
    const alerts = IDS.map((candid, place) => judgedOf(`s${place}`, candid, place));
    await keep({ states, alerts });
    await again();
    const kept = await get().load([...states.keys()]);
    for (const [objectId, state] of states) expect(kept.get(objectId)!.state).toEqual(state);
    const points = await get().points([...states.keys()]);
    IDS.forEach((candid, place) => expect(points.get(`s${place}`)!.map((point) => point.candid)).toEqual([candid]));
  });

  it("lets one unit work at a time, each on what the one before has kept", async () => {
    const first = await get().begin();
    const order: string[] = [];
    const second = get()
      .begin()
      .then(async (unit) => {
        order.push("second begins");
        const kept = await unit.load(["a"]);
        await unit.rollback();
        return kept.get("a")?.state;
      });
    await first.save({ states: new Map([["a", stateOf("a", 5n)]]) });
    await new Promise((resolve) => setTimeout(resolve, 30));
    order.push("first ends");
    await first.commit();
    expect(await second).toEqual(stateOf("a", 5n));
    expect(order).toEqual(["first ends", "second begins"]);
    await expect(first.save({})).rejects.toMatchObject({ code: "store-closed" });
    await expect(first.load(["a"])).rejects.toMatchObject({ code: "store-closed" });
  });

  it("keeps cursors of several parts with one change, the last of each", async () => {
    await keep({
      cursors: [
        { source: "t/0", value: "1" },
        { source: "t/1", value: "2" },
      ],
      cursor: { source: "a", value: "3" },
    });
    await keep({ cursors: [{ source: "t/1", value: "4" }] });
    expect([await get().cursor("t/0"), await get().cursor("t/1"), await get().cursor("a")]).toEqual(["1", "4", "3"]);
  });

  it("keeps a cursor for each source, the last", async () => {
    await keep({ cursor: { source: "a", value: "1" } }, { cursor: { source: "b", value: "é\n" } });
    await keep({ cursor: { source: "a", value: "2" } });
    await again();
    expect([await get().cursor("a"), await get().cursor("b"), await get().cursor("c")]).toEqual([
      "2",
      "é\n",
      undefined,
    ]);
  });

  it("keeps no cursor of a claim that is over, nor anything else of that unit", async () => {
    await keep({ cursor: { source: "a", value: "0" } });
    const first = await get().claim(["b", "a", "a"]);
    expect(first).toEqual(
      new Map([
        ["a", { claim: 1, value: "0" }],
        ["b", { claim: 1 }],
      ]),
    );
    await keep({
      cursors: [
        { source: "b", value: "1", claim: 1 },
        { source: "a", value: "1", claim: 1 },
      ],
    });
    await again();
    expect(await get().claim(["a"])).toEqual(new Map([["a", { claim: 2, value: "1" }]]));
    const cursors = [
      { source: "b", value: "2", claim: 1 },
      { source: "a", value: "2", claim: 1 },
    ];
    const late: Change = {
      states: new Map([["s", stateOf("s", 1n)]]),
      entries: [entryOf("action", "s", "k")],
      cursors,
    };
    await expect(keep(late)).rejects.toMatchObject({ code: "store-fenced" });
    expect([await get().cursor("a"), await get().cursor("b")]).toEqual(["1", "1"]);
    expect([(await get().load(["s"])).size, (await get().pending("action")).length]).toEqual([0, 0]);
    // What is still the first one's goes on, and so does what has no claim.
    await keep({ cursor: { source: "b", value: "3", claim: 1 } }, { cursor: { source: "a", value: "3", claim: 2 } });
    await keep({ cursor: { source: "c", value: "3" } });
    expect([await get().cursor("a"), await get().cursor("b")]).toEqual(["3", "3"]);
    expect(await get().claim([])).toEqual(new Map());
  });

  it("keeps on what was decided last beside a state, until it is decided on, and forgets a cursor", async () => {
    await keep({ states: new Map([["a", stateOf("a", 1n)]]) });
    await keep({
      states: new Map([["a", stateOf("a", 2n)]]),
      decided: new Map([
        ["a", stateOf("a", 1n)],
        ["b", { policies: {} }],
      ]),
      cursor: { source: "night", value: "3" },
    });
    await again();
    expect((await get().load(["a"])).get("a")).toMatchObject({ state: stateOf("a", 2n), decided: stateOf("a", 1n) });
    const unit = await get().begin();
    expect(await unit.undecided()).toEqual(["a", "b"]);
    await unit.save({ decided: new Map([["a", null]]) });
    expect([await unit.undecided(), (await unit.load(["a"])).get("a")!.decided]).toEqual([["b"], undefined]);
    await unit.commit();
    await get().forget("night");
    await get().forget("another");
    await again();
    expect([await get().cursor("night"), (await get().load(["a"])).get("a")!.decided]).toEqual([undefined, undefined]);
  });

  it("has a unit that is to be alone do what any other does", async () => {
    const unit = await get().begin({ alone: true });
    for (const source of ["b", "a", "b"]) {
      await unit.load([source]);
      await unit.save({ states: new Map([[source, stateOf(source, 1n)]]) });
    }
    await unit.commit();
    expect([...(await get().load(["a", "b"])).keys()].sort()).toEqual(["a", "b"]);
  });

  it("forgets a policy that a state no longer has", async () => {
    await keep({ states: new Map([["a", stateOf("a", 1n)]]) });
    await keep({ states: new Map([["a", { policies: {} }]]) });
    expect((await get().load(["a"])).get("a")!.state).toEqual({ policies: {} });
  });
}

function describePoints(get: Get, keep: Keep, again: Again): void {
  it("gives each point once, by date, up to a date", async () => {
    const early = judgedOf("a", 1n, 0, [{ jd: JD - 3, fid: 2, diffmaglim: 20.1 }]);
    const late = judgedOf("a", 2n, 2, [
      { jd: JD - 3, fid: 2, diffmaglim: 20.1 },
      { jd: JD, fid: 1, candid: 1n, magpsf: 18.3, isdiffpos: "t", programid: 1 },
    ]);
    await keep({ alerts: [late] }, { alerts: [early, early] });
    await again();
    const jds = async (asOf?: number) => ((await get().points(["a", "b"], asOf)).get("a") ?? []).map(({ jd }) => jd);
    expect(await jds()).toEqual([JD - 3, JD, JD + 2]);
    expect(await jds(JD)).toEqual([JD - 3, JD]);
    expect(await jds(JD - 10)).toEqual([]);
    expect((await get().points(["a", "b"])).has("b")).toBe(false);
  });

  it("marks copies of one exposure, of which the exact id comes first, and gives what a point holds", async () => {
    const [exact] = IDS;
    const [rounded, values] = [BigInt(Number(exact)), { magpsf: 18.3, sigmapsf: 0.1, isdiffpos: true, programid: 2 }];
    await keep({ alerts: [judgedOf("a", rounded, 0, [], values), judgedOf("a", exact, 0, [], values)] });
    await again();
    expect((await get().points(["a"])).get("a")).toEqual([
      { jd: JD, fid: 1, candid: exact, ...values },
      { jd: JD, fid: 1, candid: rounded, ...values, copy: true },
    ]);
  });

  it("gives a unit what it has saved already, and others nothing before it is kept", async () => {
    await keep({ alerts: [judgedOf("a", 1n, 0)] });
    const unit = await get().begin();
    await unit.save({ alerts: [judgedOf("a", 2n, 2), judgedOf("b", 3n, 1)] });
    const ids = async (of: History, asOf?: number) =>
      [...(await of.points(["a", "b"], asOf))].sort().map(([, points]) => points.map(({ candid }) => candid));
    expect(await ids(unit)).toEqual([[1n, 2n], [3n]]);
    expect(await ids(unit, JD + 1)).toEqual([[1n], [3n]]);
    expect(await ids(get())).toEqual([[1n]]);
    await unit.rollback();
    await expect(unit.points(["a"])).rejects.toMatchObject({ code: "store-closed" });
    expect(await ids(get())).toEqual([[1n]]);
  });

  it("takes NaN for no value, and leaves out what has no date", async () => {
    const history = [
      { jd: Number.NaN, fid: 1, magpsf: 17 },
      { jd: JD - 1, fid: 1, magpsf: Number.NaN, diffmaglim: 20 },
    ];
    await keep({ alerts: [judgedOf("a", 1n, 0, history)] });
    expect((await get().points(["a"])).get("a")!.map(({ jd, magpsf }) => [jd, magpsf])).toEqual([
      [JD - 1, undefined],
      [JD, 18.3],
    ]);
  });
}

function describeOutbox(get: Get, keep: Keep, again: Again): void {
  const numbers = async () => (await get().pending("action")).map(({ key, number }) => [key, number] as const);

  it("gives entries of a kind in order, each key once a kind", async () => {
    await keep({ entries: [entryOf("action", "b", "2"), entryOf("decision", "b", "2"), entryOf("action", "a", "1")] });
    await keep({ entries: [entryOf("action", "a", "1"), entryOf("action", "a", "3"), entryOf("action", "a", "3")] });
    await again();
    const given = await get().pending("action");
    expect(given.map(({ key }) => key)).toEqual(["2", "1", "3"]);
    expect(given[0]).toMatchObject({ ...entryOf("action", "b", "2"), attempts: 0 });
    const [first, second] = given.map(({ number }) => number);
    expect((await get().pending("action", { after: first })).map(({ key }) => key)).toEqual(["1", "3"]);
    expect((await get().pending("action", { after: first, limit: 1 })).map(({ number }) => number)).toEqual([second]);
    expect((await get().pending("decision")).map(({ key }) => key)).toEqual(["2"]);
  });

  it("counts attempts, lets go of what is done, and asks again for what was refused", async () => {
    const entries = ["1", "2", "3"].map((key) => entryOf("action", "a", key));
    await keep({ states: new Map([["a", { policies: {} }]]), entries });
    const [one, two, three] = (await numbers()).map(([, number]) => number);
    await get().answer(
      new Map<number, SinkAnswer>([
        [one, { state: "done", answer: { id: 7 } }],
        [two, { state: "refused", reason: "no allocation" }],
        [three, { state: "again", reason: "no answer" }],
      ]),
    );
    await get().answer(new Map([[three, { state: "again" }]]));
    await again();
    expect((await get().pending("action")).map(({ key, attempts }) => [key, attempts])).toEqual([["3", 2]]);
    expect([...(await get().load(["a"])).get("a")!.issued].sort()).toEqual(["1", "3"]);
    await keep({ entries });
    // What was refused comes last, as one that was never tried.
    expect((await get().pending("action")).map(({ key, attempts }) => [key, attempts])).toEqual([
      ["3", 2],
      ["2", 0],
    ]);
    expect((await numbers())[1][1]).toBeGreaterThan(three);
  });
}

/** What a store should hold, in a few lines. */
function createModel() {
  const states = new Map<string, SourceState>();
  const decided = new Map<string, SourceState>();
  const points = new Map<string, Map<string, HistoryPoint>>();
  const cursors = new Map<string, string>();
  const entries: (OutboxEntry & { number: number; attempts: number; state: string })[] = [];
  let last = 0;
  return {
    keep(change: Change): void {
      for (const [objectId, state] of change.states ?? []) states.set(objectId, state);
      for (const [objectId, state] of change.decided ?? [])
        if (state === null) decided.delete(objectId);
        else decided.set(objectId, state);
      for (const { alert } of change.alerts ?? [])
        for (const point of toPoints(alert)) {
          const name = point.candid != null ? `${point.candid}` : `${point.jd} ${point.fid} ${point.magpsf != null}`;
          const known = points.get(alert.objectId) ?? new Map<string, HistoryPoint>();
          points.set(alert.objectId, known.set(name, point));
        }
      for (const entry of change.entries ?? []) {
        const place = entries.findIndex(({ kind, key }) => kind === entry.kind && key === entry.key);
        if (place >= 0 && entries[place].state !== "refused") continue;
        if (place >= 0) entries.splice(place, 1);
        last += 1;
        entries.push({ ...entry, number: last, attempts: 0, state: "pending" });
      }
      if (change.cursor !== undefined) cursors.set(change.cursor.source, change.cursor.value);
    },
    answer(answers: ReadonlyMap<number, SinkAnswer>): void {
      for (const entry of entries) {
        const state = answers.get(entry.number)?.state;
        if (state === "again") entry.attempts += 1;
        else if (state !== undefined) entry.state = state;
      }
    },
    content: () => ({
      kept: SOURCES.flatMap((objectId): [string, KeptSource][] => {
        const state = states.get(objectId);
        const issued = entries.filter((each) => each.kind === "action" && each.objectId === objectId);
        const keys = issued.filter((each) => each.state !== "refused").map(({ key }) => key);
        const last = decided.get(objectId);
        const source = { state, ...(last && { decided: last }), issued: keys.sort() };
        return state === undefined ? [] : [[objectId, source as KeptSource]];
      }),
      points: SOURCES.flatMap((objectId) => {
        const known = points.get(objectId);
        return known === undefined ? [] : [[objectId, orderPoints([...known.values()])]];
      }),
      pending: (["action", "decision"] as const).map((kind) =>
        entries.filter((each) => each.kind === kind && each.state === "pending").map(({ state: _, ...entry }) => entry),
      ),
      cursors: SOURCES.map((source) => cursors.get(source)),
    }),
  };
}

async function contentOf(store: Store): Promise<ReturnType<ReturnType<typeof createModel>["content"]>> {
  const [kept, points] = [await store.load(SOURCES), await store.points(SOURCES)];
  return {
    kept: SOURCES.flatMap((objectId) => {
      const source = kept.get(objectId);
      return source === undefined ? [] : [[objectId, { ...source, issued: [...source.issued].sort() }]];
    }),
    points: SOURCES.flatMap((objectId) => (points.has(objectId) ? [[objectId, [...points.get(objectId)!]]] : [])),
    pending: [[...(await store.pending("action"))], [...(await store.pending("decision"))]],
    cursors: await Promise.all(SOURCES.map((source) => store.cursor(source))),
  };
}

/** Answers by turns to what waits. */
async function answersFor(store: Store, states: readonly SinkAnswer["state"][]): Promise<Map<number, SinkAnswer>> {
  const waiting = [...(await store.pending("action")), ...(await store.pending("decision"))];
  return new Map(waiting.slice(0, states.length).map(({ number }, place) => [number, { state: states[place] }]));
}

const SOURCES = ["a", "b", "ZTF20é'\"", "Z;--", "constructor"];

function entryOf(kind: OutboxEntry["kind"], objectId: string, key: string): OutboxEntry {
  return { kind, key, objectId, body: { text: `${key} é\u0000"`, number: 0.1, none: null } };
}

function stateOf(objectId: string, candid: bigint): SourceState {
  const match = { candid: String(candid), jd: JD, magpsf: 18.300000000000001 };
  const matches = [[match, { ...match, jd: JD + 0.1, score: 1 / 3, fid: 2 }], [], [{ ...match, fid: 1 }]];
  const policies = { gt2: { policy: "gt2", rule: "two", objectId, matches } };
  return { policies, latest: { jd: JD, candid: String(candid), position: { ra: 359.99999999999994, dec: -5e-324 } } };
}

function judgedOf(
  objectId: string,
  candid: bigint,
  night: number,
  history: readonly PrvCandidate[] = [],
  values: Partial<Alert["candidate"]> = { magpsf: 18.3 },
): JudgedAlert {
  const alert: Alert = { objectId, candid, candidate: { jd: JD + night, fid: 1, ...values }, prv_candidates: history };
  return { file: "test", index: 0, alert, result: { status: "scored", score: 0.9, flags: [], provenance } };
}

const objectId = fc.constantFrom(...SOURCES);
const candid = fc.oneof(fc.constantFrom(...IDS), fc.bigInt({ min: -4n, max: 4n }));
/** No minus zero, which databases do not know. */
const number = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.double({ noNaN: true })).map((value) => value + 0);
const measured = fc.record(
  {
    jd: fc.integer({ min: 0, max: 4 }).map((night) => JD + night / 3),
    fid: fc.integer({ min: 1, max: 2 }),
    magpsf: fc.option(number),
    sigmapsf: fc.option(number),
    diffmaglim: fc.option(fc.oneof(number, fc.constant(Number.NaN))),
    isdiffpos: fc.option(fc.constantFrom("t", "f", "1", 1, 0, true, false)),
    programid: fc.option(fc.integer({ min: 1, max: 3 })),
  },
  { requiredKeys: ["jd", "fid"] },
);
const alert: fc.Arbitrary<JudgedAlert> = fc
  .record({
    objectId,
    candid,
    candidate: measured,
    history: fc.array(fc.tuple(measured, fc.option(candid)), { maxLength: 3 }),
  })
  .map(({ history, ...rest }) => ({
    file: "test",
    alert: { ...rest, prv_candidates: history.map(([point, id]) => ({ ...point, candid: id })) },
    result: { status: "scored", score: 0.5, flags: ["flag"], provenance },
  }));
const match = fc.record(
  {
    candid: candid.map(String),
    jd: number,
    magpsf: number,
    score: fc.integer({ min: 0, max: 97 }).map((part) => part / 97),
    fid: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ["candid", "jd", "magpsf"] },
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const latest = fc.record(
  { jd: finite, candid: candid.map(String), position: fc.record({ ra: finite, dec: finite }) },
  { requiredKeys: ["jd", "candid"] },
);
const states = fc
  .array(
    fc.tuple(objectId, fc.option(latest), fc.uniqueArray(fc.constantFrom("p", "q", "r'")), fc.array(fc.array(match))),
    {
      maxLength: 3,
    },
  )
  .map(
    (all) =>
      new Map(
        all.map(([source, last, names, matches]): [string, SourceState] => {
          // Infinity does not survive JSON, and matches are of finite values.
          const finiteMatches = matches.map((each) => each.filter(({ jd, magpsf }) => Number.isFinite(jd + magpsf)));
          const policies = names.map((policy) => [
            policy,
            { policy, rule: `of ${policy}`, objectId: source, matches: finiteMatches },
          ]);
          return [source, { policies: Object.fromEntries(policies), ...(last !== null && { latest: last }) }];
        }),
      ),
  );
const entry = fc
  .tuple(
    fc.constantFrom("action" as const, "decision" as const),
    objectId,
    fc.integer({ min: 0, max: 2 }),
    fc.jsonValue(),
  )
  .map(([kind, source, place, body]) => ({
    kind,
    objectId: source,
    key: `${source}/${place}`,
    body: JSON.parse(JSON.stringify(body)),
  }));
const change: fc.Arbitrary<Change> = fc.record(
  {
    states,
    decided: fc.oneof(
      states,
      fc.array(objectId, { maxLength: 3 }).map((all) => new Map(all.map((each) => [each, null]))),
    ),
    alerts: fc.array(alert, { maxLength: 3 }),
    entries: fc.array(entry, { maxLength: 4 }),
    cursor: fc
      .record({ source: objectId, value: fc.string() })
      .map(({ source, value }) => ({ source, value: JSON.stringify(value) })),
  },
  { requiredKeys: [] },
);
/** A unit, what sinks say, or another run. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ changes: fc.array(change, { maxLength: 3 }), kept: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ answers: fc.array(fc.constantFrom("done" as const, "refused" as const, "again" as const)) }),
  },
  { weight: 1, arbitrary: fc.constant({ reopen: true as const }) },
);
