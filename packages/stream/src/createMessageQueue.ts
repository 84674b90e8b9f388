import type { BtsbotError } from "@btsbot/errors";
import type { KafkaMessage, PartitionOffset, TakeOptions } from "./types.js";

/** What became of messages that were put. */
type Fate = "taken" | "dropped";

/** Messages of one partition that wait. */
interface Waiting {
  readonly messages: readonly KafkaMessage[];
  /** How many of them were taken. */
  taken: number;
  readonly end: (fate: Fate) => void;
}

/**
 * Between a client that pushes and a reader that pulls.
 *
 * @internal
 */
export interface MessageQueue {
  /** Partitions are given anew: what waits is dropped, and nothing is let through before places are set. */
  begin(): () => boolean;
  /** From where each partition is read. */
  setPlaces(places: readonly PartitionOffset[]): void;
  /** Takes messages of one partition, in order; says when all were taken, or dropped. */
  put(messages: readonly KafkaMessage[]): Promise<Fate>;
  /** As `KafkaReader.take`. */
  take(options: TakeOptions): Promise<KafkaMessage[]>;
  /** Whoever takes gets the error, from now on. */
  fail(error: BtsbotError): void;
  /** Drops what waits: nothing is taken any more. */
  end(): void;
}

/**
 * Makes a queue. It holds what was put and not taken, and puts no bound to it: who puts waits.
 *
 * @internal
 */
export function createMessageQueue(): MessageQueue {
  let waiting: Waiting[] = [];
  let places = new Map<string, bigint>();
  let generation = 0;
  let failure: BtsbotError | undefined;
  let ended = false;
  let wake = (): void => undefined;
  const drop = (): void => {
    for (const { end } of waiting) end("dropped");
    waiting = [];
  };
  return {
    begin() {
      drop();
      places = new Map();
      const mine = ++generation;
      return () => mine === generation && !ended;
    },
    setPlaces: (given) => (places = new Map(given.map((each) => [nameOf(each), each.offset]))),
    put(messages) {
      const due = messages.filter((message) => message.offset >= (places.get(nameOf(message)) ?? NOWHERE));
      if (ended) return Promise.resolve("dropped");
      if (due.length === 0)
        return Promise.resolve(messages.every((each) => places.has(nameOf(each))) ? "taken" : "dropped");
      const last = due[due.length - 1];
      places.set(nameOf(last), last.offset + 1n);
      return new Promise((resolve) => {
        waiting.push({ messages: due, taken: 0, end: resolve });
        wake();
      });
    },
    async take({ maxBytes, maxMessages, waitMs }) {
      if (waiting.length === 0 && failure === undefined && !ended)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      if (failure !== undefined) throw failure;
      const { taken, left } = takeFrom(waiting, maxBytes, maxMessages);
      waiting = left;
      return taken;
    },
    fail(error) {
      failure ??= error;
      drop();
      wake();
    },
    end() {
      ended = true;
      drop();
      wake();
    },
  };
}

/** A place that no message reaches. */
const NOWHERE = 1n << 63n;

function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

/** As much as the bounds allow, and one message at least; partitions whose messages were all taken go on. */
function takeFrom(
  waiting: readonly Waiting[],
  maxBytes: number,
  maxMessages: number,
): { taken: KafkaMessage[]; left: Waiting[] } {
  const taken: KafkaMessage[] = [];
  let bytes = 0;
  const fits = ({ value }: KafkaMessage): boolean =>
    taken.length === 0 || (taken.length < maxMessages && bytes + (value?.length ?? 0) <= maxBytes);
  for (const each of waiting) {
    while (each.taken < each.messages.length && fits(each.messages[each.taken])) {
      const message = each.messages[each.taken];
      bytes += message.value?.length ?? 0;
      taken.push(message);
      each.taken += 1;
    }
    if (each.taken < each.messages.length) break;
    each.end("taken");
  }
  return { taken, left: waiting.filter((each) => each.taken < each.messages.length) };
}
