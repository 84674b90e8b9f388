import type { Alert } from "@btsbot/alert";
import { createRandom, shuffle } from "@btsbot/chance";
import type { ModelResult } from "@btsbot/core";
import { createDecider, createMemoryStore, runDecisions, toDecisionLine } from "@btsbot/decide";
import type {
  SinkAnswer,
  DecisionLine,
  Judge,
  PendingEntry,
  PlannedDecision,
  RunOptions,
  Sink,
  Source,
  Store,
} from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { getPolicy, parseFollowUpRules } from "@btsbot/policy";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const JD = 2460000.75;
const POLICIES = [getPolicy("gt2"), getPolicy("bts_p1"), getPolicy("bts_p2")];

function alertOf(objectId: string, night: number, magpsf = 18.3): Alert {
  const jd = JD + night;
  const candid = 1_127_495_406_315_015_000n + BigInt(objectId.charCodeAt(0) * 1000 + night);
  return { objectId, candid, candidate: { jd, fid: 1, magpsf, ra: 120 + night / 1e5, dec: 20 } };
}

/** Six sources over twelve nights, bright and faint. */
function makeNights(seed: number): Alert[] {
  const random = createRandom(seed);
  return Array.from({ length: 40 }, (_, index) =>
    alertOf("abcdef"[Math.floor(random() * 6)], index % 12, 17.5 + 2 * random()),
  );
}

const provenance = { model: "stub" } as never;
/** A score that follows from the alert alone. */
const judge: Judge = async (alerts) =>
  alerts.map((each) => {
    const score = Number(each.alert.candid % 97n) / 96;
    const result: ModelResult = { status: "scored", score, flags: [], provenance };
    return { ...each, result };
  });

function sourceOf(alerts: readonly Alert[], size = 7): Source {
  return {
    name: "test",
    async *batches({ after = "0", signal } = {}) {
      for (let at = Number(after); at < alerts.length && signal?.aborted !== true; at += size) {
        const items = alerts.slice(at, at + size).map((alert, index) => ({ file: "test", index: at + index, alert }));
        yield { items, cursor: String(Math.min(at + size, alerts.length)) };
      }
    },
  };
}

/** Keeps what it is given; `lines` is what a reader has in the end. */
function createLines(kind: Sink["kind"] = "decision"): Sink & { readonly lines: PendingEntry[] } {
  const lines: PendingEntry[] = [];
  return {
    kind,
    lines,
    recall: (entries) =>
      Promise.resolve(new Set(entries.map(({ key }) => key).filter((key) => lines.some((line) => line.key === key)))),
    take: (entries) => {
      lines.push(...entries);
      return Promise.resolve(entries.map((): SinkAnswer => ({ state: "done" })));
    },
  };
}

function options(changes: Partial<RunOptions>): RunOptions {
  const decider = createDecider({ policies: POLICIES });
  return { source: sourceOf([]), judge, decider, store: createMemoryStore(), clock: () => JD + 20, ...changes };
}

async function decide(alerts: readonly Alert[], size: number, settle: "batch" | "end"): Promise<string[]> {
  const sink = createLines();
  await runDecisions(options({ source: sourceOf(alerts, size), sinks: [sink], settle }));
  return sink.lines.map(({ body }) => JSON.stringify(body));
}

/** When each rule was completed by the last line that says so. */
function lastOf(lines: readonly string[]): Map<string, unknown> {
  return new Map(
    lines.map((line) => {
      const { key, candid, jd } = JSON.parse(line) as DecisionLine;
      return [key, { candid, jd }];
    }),
  );
}

describe("runDecisions", () => {
  it("decides the same at the end, in whatever order, however often, cut in whatever batches", async () => {
    const property = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 50 }), async (seed, size) => {
      const nights = makeNights(seed);
      const random = createRandom(seed + 1);
      const mixed = shuffle([...nights, ...nights.slice(0, 9)], random);
      const expected = await decide(nights, 40, "end");
      expect(await decide(mixed, size, "end")).toEqual(expected);
      // By batch, the same alert is said to complete each rule in the end.
      expect(lastOf(await decide(mixed, size, "batch"))).toEqual(lastOf(expected));
    });
    await fc.assert(property, { seed: 7 });
  });

  it("reaches decisions at all", async () => {
    expect((await decide(makeNights(1), 7, "end")).length).toBeGreaterThan(5);
    expect((await decide(makeNights(1), 7, "batch")).length).toBeGreaterThan(5);
  });

  it("says a decision that a late alert moves again, once, with nothing to be done", async () => {
    const [first, second, third] = [0, 1, 2].map((night) => alertOf("a", night));
    const sure: Judge = async (alerts) =>
      alerts.map((each) => ({ ...each, result: { status: "scored", score: 1, flags: [], provenance } }));
    const sink = createLines();
    const decider = createDecider({ policies: [getPolicy("gt2")] });
    const run = options({ source: sourceOf([second, third, first, first], 1), judge: sure, sinks: [sink], decider });
    await runDecisions(run);
    const lines = sink.lines.map(({ body }) => body as unknown as DecisionLine);
    expect(lines.map(({ action, revised, candid }) => [action, revised, candid])).toEqual([
      ["save", undefined, String(third.candid)],
      ["none", true, String(second.candid)],
    ]);
  });

  it("keeps nothing of a unit in which something fails, and goes on where the last one ended", async () => {
    const nights = makeNights(3);
    const store = createMemoryStore();
    let calls = 0;
    const failing: Judge = async (alerts) => {
      calls += 1;
      if (calls === 3) throw new BtsbotError("engine-failed", "a test's");
      return judge(alerts);
    };
    const sink = createLines();
    const source = sourceOf(nights);
    await expect(runDecisions(options({ source, judge: failing, store, sinks: [sink] }))).rejects.toMatchObject({
      code: "engine-failed",
    });
    expect(await store.cursor("test")).toBe("14");
    const seen: number[] = [];
    await runDecisions(
      options({ source, store, sinks: [sink], onJudged: (all) => seen.push(...all.map(({ index }) => index!)) }),
    );
    expect(seen[0]).toBe(14);
    expect(sink.lines.map(({ body }) => JSON.stringify(body))).toEqual(await decide(nights, 7, "batch"));
  });

  it("counts what failed, and lets the others go on", async () => {
    const error = new BtsbotError("avro-truncated", "cut");
    const all: number[] = [];
    const counts = await runDecisions(
      options({
        source: {
          name: "some",
          async *batches() {
            yield {
              items: [
                { file: "a", error },
                { file: "b", index: 0, alert: alertOf("a", 1) },
              ],
            };
          },
        },
        onJudged: (judged) => all.push(judged.length),
      }),
    );
    expect(counts).toMatchObject({ alerts: 1, failed: 1, scored: 1 });
    expect(all).toEqual([2]);
  });

  it("ends in order: by batch after the one in hand, at the end with none", async () => {
    const stop = new AbortController();
    const store = createMemoryStore();
    const onJudged = (): void => stop.abort(new Error("stopped"));
    const run = { source: sourceOf(makeNights(1)), store, signal: stop.signal, onJudged };
    expect(await runDecisions(options(run))).toMatchObject({ alerts: 7 });
    expect(await store.cursor("test")).toBe("7");
    const again = new AbortController();
    const fresh = createMemoryStore();
    const ended = runDecisions(
      options({
        ...run,
        store: fresh,
        settle: "end",
        signal: again.signal,
        onJudged: () => again.abort(new Error("x")),
      }),
    );
    await expect(ended).rejects.toThrow("x");
    // The batch in hand is kept, and nothing decided: whoever goes on comes to what one run would have.
    expect([await fresh.cursor("test"), await fresh.pending("decision")]).toEqual(["7", []]);
    const sink = createLines();
    await runDecisions(options({ source: run.source, store: fresh, sinks: [sink], settle: "end" }));
    expect(sink.lines.map(({ body }) => JSON.stringify(body))).toEqual(await decide(makeNights(1), 7, "end"));
    // What was begun is over: another run enters.
    await (await fresh.begin()).rollback();
  });

  it("plans by rules once, whatever is read again, and refused actions again", async () => {
    const rules = parseFollowUpRules([{ policy: "gt2", save: { groupIds: [7] } }]);
    const decider = createDecider({ policies: [getPolicy("gt2")], rules });
    const store = createMemoryStore();
    const actions = createLines("action");
    const run = { decider, store, sinks: [actions], source: sourceOf(makeNights(1)) };
    await runDecisions(options(run));
    const first = actions.lines.map(({ key }) => key);
    expect(first.length).toBeGreaterThan(0);
    expect(new Set(first).size).toBe(first.length);
    await runDecisions(options({ ...run, source: { ...sourceOf(makeNights(1)), name: "the same again" } }));
    expect(actions.lines.map(({ key }) => key)).toEqual(first);
  });

  it("hands over again what is to be, and never what was refused", async () => {
    const states: SinkAnswer["state"][] = ["again", "refused", "done"];
    const taken: string[] = [];
    const sink: Sink = {
      kind: "decision",
      take: async (entries) =>
        entries.map(({ key }, place) => {
          taken.push(key);
          return { state: states[place % 3], reason: "a test's" };
        }),
    };
    const store = createMemoryStore();
    const counts = await runDecisions(options({ source: sourceOf(makeNights(1), 40), store, sinks: [sink] }));
    const once = taken.length;
    expect(counts.done + counts.refused + counts.waiting).toBe(once);
    taken.length = 0;
    const again = createLines();
    await runDecisions(options({ store, sinks: [again] }));
    expect(again.lines).toHaveLength(counts.waiting);
    expect(again.lines.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it("refuses a sink that does not answer for each entry", async () => {
    const sink: Sink = { kind: "decision", take: () => Promise.resolve([]) };
    const run = runDecisions(options({ source: sourceOf(makeNights(1)), sinks: [sink] }));
    await expect(run).rejects.toMatchObject({ code: "sink-invalid" });
  });
});

/** A death at a seam: everything after it did not happen. */
class Death extends Error {}

describe("a run that dies at a seam", () => {
  const SEAMS = ["begin", "load", "save", "commit", "committed", "pending", "take", "taken", "answer"] as const;

  /** The store and the sink of a run that dies when a seam is reached for the `count`th time. */
  function mortal(store: Store, sink: Sink, seam: (typeof SEAMS)[number], count: number): { store: Store; sink: Sink } {
    let left = count;
    const die = (at: (typeof SEAMS)[number]): void => {
      if (at === seam && --left === 0) throw new Death(seam);
    };
    return {
      store: {
        ...store,
        async begin() {
          die("begin");
          const unit = await store.begin();
          return {
            load: async (ids) => (die("load"), unit.load(ids)),
            undecided: () => unit.undecided(),
            points: (...args) => unit.points(...args),
            save: async (change) => (die("save"), unit.save(change)),
            async commit() {
              die("commit");
              await unit.commit();
              die("committed");
            },
            // A process that is dead rolls nothing back by itself; a store must do without. In memory somebody has to.
            rollback: () => unit.rollback(),
          };
        },
        pending: async (...args) => (die("pending"), store.pending(...args)),
        answer: async (answers) => (die("answer"), store.answer(answers)),
      },
      sink: {
        ...sink,
        async take(entries) {
          die("take");
          const answers = await sink.take(entries);
          die("taken");
          return answers;
        },
      },
    };
  }

  const POINTS = SEAMS.flatMap((seam) => [1, 2, 3, 4, 5].map((count) => [seam, count] as const));
  it.each((["batch", "end"] as const).flatMap((settle) => POINTS.map((point) => [settle, ...point] as const)))(
    "decides by %s, %s, time %i: loses no decision, and says none twice",
    async (settle, seam, count) => {
      const nights = makeNights(5);
      const expected = await decide(nights, 7, settle);
      const [store, lines] = [createMemoryStore(), createLines()];
      const source = sourceOf(nights);
      const body = mortal(store, lines, seam, count);
      const died = await runDecisions(options({ source, store: body.store, sinks: [body.sink], settle })).then(
        () => false,
        (error: unknown) => error instanceof Death,
      );
      await runDecisions(options({ source, store, sinks: [lines], settle }));
      expect(lines.lines.map(({ body: line }) => JSON.stringify(line))).toEqual(expected);
      // Forty alerts in batches of seven reach most seams five times; all are reached at least once.
      if (count === 1) expect(died).toBe(true);
    },
  );
});

it("writes a decision with what is absent left out", () => {
  const decision = {
    policy: "gt1",
    objectId: "a",
    action: "save",
    candid: 2n,
    jd: 1,
    reasons: [],
    alerts: [],
  } as const;
  const planned: PlannedDecision = { decision };
  expect(JSON.stringify(toDecisionLine(planned))).toBe(
    '{"objectId":"a","candid":"2","jd":1,"policy":"gt1","action":"save","priority":null,"reasons":[],"alerts":[],"key":"a/gt1"}',
  );
});

describe("what is announced, and a source in parts", () => {
  const parts: Source = {
    name: "parts",
    async *batches() {
      const alerts = [alertOf("a", 0), alertOf("b", 1)];
      const error = new BtsbotError("input-empty", "the input holds no bytes");
      yield {
        items: [...alerts.map((alert, index) => ({ file: "t/0", index, alert })), { file: "t/1", index: 4, error }],
        cursors: [
          { source: "t/0", value: "2" },
          { source: "t/1", value: "5" },
        ],
      };
      // The same again, as after a rebalance.
      yield { items: [{ file: "t/0", index: 0, alert: alerts[0] }], cursors: [{ source: "t/0", value: "3" }] };
    },
  };
  const announce: RunOptions["announce"] = (judged) =>
    judged.map((item) =>
      "alert" in item
        ? { kind: "alert", key: String(item.alert.candid), objectId: item.alert.objectId, body: { file: item.file } }
        : { kind: "failure", key: `${item.file}/${item.index}`, objectId: "", body: { code: item.error.code } },
    );

  it.each(["batch", "end"] as const)("goes to its sinks once, with the parts' cursors (%s)", async (settle) => {
    const store = createMemoryStore();
    const sinks = (["alert", "failure"] as const).map(createLines);
    await runDecisions(options({ source: parts, store, sinks, settle, announce }));
    expect(sinks.map(({ lines }) => lines.map(({ objectId, body }) => [objectId, body]))).toEqual([
      [
        ["a", { file: "t/0" }],
        ["b", { file: "t/0" }],
      ],
      [["", { code: "input-empty" }]],
    ]);
    expect([await store.cursor("t/0"), await store.cursor("t/1"), await store.cursor("parts")]).toEqual([
      "3",
      "5",
      undefined,
    ]);
  });

  it("is not kept where the batch is not", async () => {
    const store = createMemoryStore();
    const sinks = [createLines("alert")];
    const begin = async () => ({ ...(await store.begin()), commit: () => Promise.reject(new Error("cut")) });
    const broken = { ...store, begin };
    await expect(runDecisions(options({ source: parts, store: broken, sinks, announce }))).rejects.toThrow("cut");
    expect(await store.pending("alert")).toEqual([]);
    expect(await store.cursor("t/0")).toBeUndefined();
  });
});
