import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { drainOutbox } from "./drainOutbox.js";
import { judgeItems } from "./judgeItems.js";
import { keepUndecided, settleRest, settleSources } from "./settleSources.js";
import type { TouchedSource } from "./settleSources.js";
import { RUN_OPTIONS } from "./seams/run.js";
import type { History } from "./seams/history.js";
import type { JudgedAlert } from "./seams/judge.js";
import type { OutboxEntry } from "./seams/outbox.js";
import type { RunCounts, RunOptions } from "./seams/run.js";
import type { SourceBatch, SourceCursor } from "./seams/source.js";
import type { Unit, UnitOptions } from "./seams/store.js";

/**
 * The loop that decides: reads alerts, judges them, steps the policies, plans, commits, and hands over what is to be
 * done. The nightly command is one run over files; a stream is the same loop without end; a backfill is the same loop
 * with another clock.
 *
 * What is kept is kept in one transaction: states, light curves, the outbox and how far the source was read. What dies
 * at any moment loses no decision and says none twice: what an earlier run has committed and nobody has answered for is
 * handed over first, less what its sink knows to have arrived (`Sink.recall`).
 *
 * @param options - what the run is made of
 * @returns what it did
 * @throws what source, judge, store or sink throw, with nothing of the batch in hand kept; the signal's reason where
 * decisions are reached at the end and it was aborted before: what was read by then is kept, and decided by the run that goes on
 *
 * @example
 * ```ts
 * import { createDecider, createMemoryStore, runDecisions } from "@btsbot/decide";
 * import { getPolicy } from "@btsbot/policy";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1, magpsf: 18.2 } };
 * const result = { status: "scored", score: 0.9, flags: [], provenance: {} as never } as const;
 * const counts = await runDecisions({
 *   source: {
 *     name: "one alert",
 *     async *batches() {
 *       yield { items: [{ file: "a.avro", index: 0, alert }], cursor: "1" };
 *     },
 *   },
 *   judge: async (alerts) => alerts.map((each) => ({ ...each, result })),
 *   decider: createDecider({ policies: [getPolicy("gt1")] }),
 *   store: createMemoryStore(),
 *   clock: () => 2458881.5,
 * });
 * counts.decisions; // => 1
 * ```
 */
export async function runDecisions(options: RunOptions): Promise<RunCounts> {
  checkOptions("runDecisions", options, RUN_OPTIONS);
  const { source, store, settle = "batch", signal } = options;
  checkArgument("runDecisions", "source", source, "object", ["name", "batches"]);
  checkArgument("runDecisions", "decider", options.decider, "object", ["step", "decide", "plan"]);
  checkArgument("runDecisions", "store", store, "object", ["begin", "load", "cursor", "pending", "answer"]);
  const counts = { alerts: 0, passed: 0, scored: 0, failed: 0, decisions: 0, done: 0, refused: 0, waiting: 0 };
  const drain = async (first: boolean): Promise<void> => {
    const drained = await drainOutbox(store, options.sinks ?? [], { inDoubt: first, ...(signal && { signal }) });
    counts.done += drained.done;
    counts.refused += drained.refused;
    counts.waiting = drained.waiting;
  };
  await drain(true);
  const after = await store.cursor(source.name);
  const batches = source.batches({ ...(after !== undefined && { after }), ...(signal && { signal }) });
  const isDeciding = settle === "batch";
  for await (const batch of batches) {
    const judged = await judge(batch, store, options, counts);
    const cursors = cursorsOf(batch, options);
    counts.decisions += await untilKept(() =>
      inUnit(options, {}, async (unit) => {
        const touched = await stepBatch(unit, judged, options);
        if (isDeciding) return settleSources(unit, touched, cursors, options);
        await keepUndecided(unit, touched, cursors);
        return 0;
      }),
    );
    if (isDeciding) await drain(false);
    if (signal?.aborted === true) break;
  }
  if (isDeciding) return counts;
  signal?.throwIfAborted();
  counts.decisions += await untilKept(() => inUnit(options, { alone: true }, (unit) => settleRest(unit, options)));
  await drain(false);
  return counts;
}

type RunTally = { -readonly [Name in keyof RunCounts]: RunCounts[Name] };

/** How often a batch is kept anew before it is given up, where others that share the store come between. */
const MOST_TRIES = 10;

/** A unit of one batch depends on the batch and on what is kept: what was not kept can be done again. */
async function untilKept<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BtsbotError) || error.code !== "store-conflict" || tries === MOST_TRIES) throw error;
    }
  }
}

async function inUnit<T>({ store }: RunOptions, how: UnitOptions, work: (unit: Unit) => Promise<T>): Promise<T> {
  const unit = await store.begin(how);
  try {
    const result = await work(unit);
    await unit.commit();
    return result;
  } catch (error) {
    // What came first says why.
    await unit.rollback().catch(() => undefined);
    throw error;
  }
}

/** How far the source was read with a batch: as a whole, or in parts. */
function cursorsOf({ cursor, cursors = [] }: SourceBatch, { source }: RunOptions): readonly SourceCursor[] {
  return cursor === undefined ? cursors : [...cursors, { source: source.name, value: cursor }];
}

/** What was judged of a batch: what passed, and what is announced of all. */
interface JudgedBatch {
  readonly passed: readonly JudgedAlert[];
  readonly entries: readonly OutboxEntry[];
}

async function judge(
  { items }: SourceBatch,
  history: History,
  options: RunOptions,
  counts: RunTally,
): Promise<JudgedBatch> {
  const all = await judgeItems(options.judge, items, history);
  options.onJudged?.(all);
  const alerts = all.filter((each): each is JudgedAlert => "alert" in each);
  counts.failed += all.length - alerts.length;
  counts.alerts += alerts.length;
  const passed = alerts.filter(({ filtered }) => filtered?.pass !== false);
  counts.passed += passed.length;
  counts.scored += passed.filter(({ result }) => result?.status === "scored").length;
  return { passed, entries: options.announce?.(all) ?? [] };
}

/** Steps the policies, and keeps the alerts; states are kept when the unit settles. */
async function stepBatch(
  unit: Unit,
  { passed: alerts, entries }: JudgedBatch,
  { decider }: RunOptions,
): Promise<Map<string, TouchedSource>> {
  const touched = new Map<string, TouchedSource>();
  const objectIds = [...new Set(alerts.map(({ alert }) => alert.objectId))];
  if (objectIds.length > 0) {
    const kept = await unit.load(objectIds);
    for (const objectId of objectIds) {
      const before = kept.get(objectId);
      touched.set(objectId, { before, after: before?.state ?? { policies: {} } });
    }
  }
  for (const judged of alerts) {
    const source = touched.get(judged.alert.objectId)!;
    source.after = decider.step(source.after, judged);
  }
  if (alerts.length > 0 || entries.length > 0) await unit.save({ alerts, entries });
  return touched;
}
