import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames, Platform } from "@btsbot/errors";
import type { EntryKind, PendingEntry } from "./seams/outbox.js";
import type { Sink, SinkAnswer } from "./seams/sink.js";
import type { Lease, Store } from "./seams/store.js";

/** Entries that a sink is given at once. */
const PAGE = 500;

/** How an outbox is drained. */
export interface DrainOptions {
  /** Whether what is there may have been handed over already, by a run that died before it could keep the answer. */
  readonly inDoubt?: boolean;
  /** The right to do so, for whoever has it already; by default it is taken for each kind, where the store gives one. */
  readonly lease?: Lease;
  /** Ends the handing over. */
  readonly signal?: Platform<"AbortSignal">;
}

/** The names of {@link DrainOptions}. */
const DRAIN_OPTIONS: OptionNames<DrainOptions> = { inDoubt: "boolean", lease: "object", signal: "object" };

/** What became of the entries. */
export interface Drained {
  /** Entries that were taken. */
  readonly done: number;
  /** Entries that were refused. */
  readonly refused: number;
  /** Entries that are to be handed over again. */
  readonly waiting: number;
}

/**
 * Hands over what waits in a store's outbox, in order, and keeps each answer.
 *
 * @param store - the store
 * @param sinks - what takes entries, by their kind; entries without a sink go on waiting
 * @param options - whether entries are in doubt, and what ends it
 * @returns how many were taken, refused, and are to be handed over again
 * @throws BtsbotError `sink-invalid` for a sink that does not answer for each entry; what a sink throws
 *
 * @example
 * ```ts
 * import { createMemoryStore, drainOutbox } from "@btsbot/decide";
 *
 * await drainOutbox(createMemoryStore(), []); // => {"done":0,"refused":0,"waiting":0}
 * ```
 */
export async function drainOutbox(store: Store, sinks: readonly Sink[], options: DrainOptions = {}): Promise<Drained> {
  checkOptions("drainOutbox", options, DRAIN_OPTIONS);
  checkArgument("drainOutbox", "store", store, "object", ["pending", "answer"]);
  checkArgument("drainOutbox", "sinks", sinks, "list");
  const drained = { done: 0, refused: 0, waiting: 0 };
  for (const sink of sinks) {
    // A right is not worth taking for nothing.
    if ((await store.pending(sink.kind, { limit: 1 })).length === 0) continue;
    await underLease(store, sink.kind, options, (inDoubt, signal) =>
      drain(store, sink, { inDoubt, ...(signal && { signal }) }, drained),
    );
  }
  return drained;
}

/** Where several runs share a store, one hands over at a time; what died at it leaves entries in doubt. */
async function underLease(
  store: Store,
  kind: EntryKind,
  { inDoubt = false, lease: given, signal }: DrainOptions,
  work: (inDoubt: boolean, signal: Platform<"AbortSignal"> | undefined) => Promise<void>,
): Promise<void> {
  const lease = given ?? (await store.lease?.(kind, signal));
  if (lease === undefined) return work(inDoubt, signal);
  let cut = true;
  try {
    await work(inDoubt || lease.inDoubt, signal === undefined ? lease.lost : AbortSignal.any([signal, lease.lost]));
    cut = false;
  } finally {
    // What came first says why.
    if (given === undefined) await lease.release(cut).catch(() => undefined);
  }
}

async function drain(
  store: Store,
  sink: Sink,
  { inDoubt, signal }: Pick<DrainOptions, "inDoubt" | "signal">,
  drained: { -readonly [Name in keyof Drained]: Drained[Name] },
): Promise<void> {
  for (let after = 0; ;) {
    const entries = await store.pending(sink.kind, { after, limit: PAGE });
    if (entries.length === 0) return;
    after = entries.at(-1)!.number;
    const answers = await handOver(sink, entries, inDoubt === true, signal);
    await store.answer(answers);
    for (const { state } of answers.values()) drained[state === "again" ? "waiting" : state] += 1;
  }
}

async function handOver(
  sink: Sink,
  entries: readonly PendingEntry[],
  inDoubt: boolean,
  signal: Platform<"AbortSignal"> | undefined,
): Promise<Map<number, SinkAnswer>> {
  const arrived = inDoubt ? await sink.recall?.(entries) : undefined;
  const answers = new Map<number, SinkAnswer>();
  const left = entries.filter(({ key, number }) => {
    if (arrived?.has(key) !== true) return true;
    answers.set(number, { state: "done" });
    return false;
  });
  if (left.length === 0) return answers;
  const given = await sink.take(left, signal);
  if (given.length !== left.length)
    throw new BtsbotError("sink-invalid", "a sink answers for each entry that it is given", {
      expected: `${left.length} answers`,
      got: String(given.length),
    });
  left.forEach(({ number }, place) => answers.set(number, given[place]));
  return answers;
}
