import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames, Platform } from "@btsbot/errors";
import type { PendingEntry, Sink, SinkAnswer, Store } from "@btsbot/decide";
import { isHeld } from "./holdForPerson.js";

/** Sources that are carried out at a time: the rate says how fast, this how many wait for a facility. */
const AT_ONCE = 8;

/** How an outbox is sent. */
export interface SendOptions {
  /** Sources that are carried out at a time; 8 by default. */
  readonly atOnce?: number;
  /** Which entries may be sent; all by default. The others go on waiting. */
  readonly choose?: (entries: readonly PendingEntry[]) => Promise<readonly PendingEntry[]>;
  /** Told each answer once it is kept. */
  readonly onAnswer?: (entry: PendingEntry, answer: SinkAnswer) => void;
  /** Ends the sending after what is under way. */
  readonly signal?: Platform<"AbortSignal">;
}

/** The names of {@link SendOptions}. */
const SEND_OPTIONS: OptionNames<SendOptions> = {
  atOnce: "number",
  choose: "function",
  onAnswer: "function",
  signal: "object",
};

/** What became of the entries. */
export interface SendCounts {
  /** Actions that were carried out. */
  readonly done: number;
  /** Actions that were refused. */
  readonly refused: number;
  /** Actions that are to be sent again. */
  readonly waiting: number;
  /** Actions of which only a person can find out what became of them. */
  readonly held: number;
}

/** What an entry is called while its answer is not known. */
const UNDER_WAY: SinkAnswer = { state: "again", reason: "handed over; what became of it is not known yet" };

/**
 * Sends what waits in a store's outbox: the most urgent sources first, several at a time, each source's actions one after
 * the other. What is handed over is marked before, and its answer kept at once: whoever dies leaves in doubt what was
 * under way, and nothing else.
 *
 * @param store - the store
 * @param sink - what carries actions out, as `createSkyPortalSink` makes
 * @param options - how many at a time, which, and what ends it
 * @returns what became of the entries that waited when it began
 * What is cut off by the signal counts as waiting.
 * @throws what the sink throws, after the answers of the others under way are kept
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "@btsbot/decide";
 * import { createSkyPortalClient, createSkyPortalSink, sendOutbox } from "@btsbot/skyportal";
 *
 * const client = createSkyPortalClient({ url: "https://fritz.science", token: "secret" });
 * const counts = await sendOutbox(createMemoryStore(), createSkyPortalSink({ client }));
 * counts; // => {"done":0,"refused":0,"waiting":0,"held":0}
 * ```
 */
export async function sendOutbox(store: Store, sink: Sink, options: SendOptions = {}): Promise<SendCounts> {
  checkOptions("sendOutbox", options, SEND_OPTIONS);
  checkArgument("sendOutbox", "store", store, "object", ["pending", "answer"]);
  checkArgument("sendOutbox", "sink", sink, "object", ["kind", "take"]);
  const counts = { done: 0, refused: 0, waiting: 0, held: 0 };
  if ((await store.pending(sink.kind, { limit: 1 })).length === 0) return counts;
  const lease = await store.lease?.(sink.kind, options.signal);
  let cut = true;
  try {
    const signals = [options.signal, lease?.lost].filter((each) => each !== undefined);
    const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
    await sendAll(store, sink, { ...options, ...(signal && { signal }) }, counts);
    cut = false;
  } finally {
    // What came first says why.
    await lease?.release(cut).catch(() => undefined);
  }
  return counts;
}

async function sendAll(
  store: Store,
  sink: Sink,
  { atOnce = AT_ONCE, choose, onAnswer, signal }: SendOptions,
  counts: { -readonly [Name in keyof SendCounts]: SendCounts[Name] },
): Promise<void> {
  const pending = await store.pending(sink.kind);
  const sources = orderByUrgency(choose === undefined ? pending : await choose(pending));
  let failure: { readonly error: unknown } | undefined;
  const isToldToStop = (): boolean => signal?.aborted === true;
  const sendOne = async (entries: readonly PendingEntry[]): Promise<void> => {
    await store.answer(new Map(entries.map(({ number }) => [number, UNDER_WAY])));
    const answers = await sink.take(entries, signal);
    if (answers.length !== entries.length)
      throw new BtsbotError("sink-invalid", "a sink answers for each entry that it is given", {
        expected: `${entries.length} answers`,
        got: String(answers.length),
      });
    await store.answer(new Map(entries.map(({ number }, place) => [number, answers[place]])));
    for (const [place, answer] of answers.entries()) {
      const state = isHeld(answer) ? "held" : answer.state === "again" ? "waiting" : answer.state;
      counts[state] += 1;
      onAnswer?.(entries[place], answer);
    }
  };
  const work = async (): Promise<void> => {
    for (let next = sources.shift(); next !== undefined; next = sources.shift()) {
      if (isToldToStop() || failure !== undefined) return;
      try {
        await sendOne(next);
      } catch (error) {
        // What was cut off is marked, and looked for by the next run.
        if (isToldToStop()) counts.waiting += next.length;
        else failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, sources.length) }, work));
  if (failure !== undefined) throw failure.error;
}

/**
 * The entries of each source, those of the most urgent first; of one source, and of sources as urgent, in their order.
 *
 * @param entries - entries of the outbox, in its order
 * @returns a list for each source
 *
 * @example
 * ```ts
 * import { orderByUrgency } from "@btsbot/skyportal";
 *
 * orderByUrgency([]); // => []
 * ```
 */
export function orderByUrgency(entries: readonly PendingEntry[]): PendingEntry[][] {
  const sources = new Map<string, PendingEntry[]>();
  for (const entry of entries) sources.set(entry.objectId, [...(sources.get(entry.objectId) ?? []), entry]);
  const urgency = (all: readonly PendingEntry[]): number => Math.max(...all.map(urgencyOf));
  return [...sources.values()]
    .map((all) => ({ all, urgency: urgency(all) }))
    .sort((a, b) => b.urgency - a.urgency)
    .map(({ all }) => all);
}

/** The weakest priority where instruments count downwards (skyportal/kowalski, alert_broker.py). */
const WEAKEST = 5;

/** A request before a save alone. Where an instrument counts downwards, the smaller number is the more urgent. */
function urgencyOf({ body }: PendingEntry): number {
  const { kind, priority, rule } = (body ?? {}) as {
    readonly kind?: unknown;
    readonly priority?: unknown;
    readonly rule?: { readonly priorityOrder?: unknown };
  };
  if ((kind !== "request" && kind !== "raise") || typeof priority !== "number") return -Infinity;
  return rule?.priorityOrder === "desc" ? WEAKEST - priority : priority;
}
