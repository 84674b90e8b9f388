import type { EntryKind, PendingEntry, Sink, SinkAnswer } from "@btsbot/decide";
import { BtsbotError, checkArgument, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { createMarkedSender } from "./createMarkedSender.js";
import type { Outgoing } from "./createMarkedSender.js";
import type { KafkaClient, OutgoingMessage, StreamNotice } from "./types.js";

/** How entries go to a topic. */
export interface KafkaSinkOptions {
  /** Talks to the brokers. */
  readonly client: KafkaClient;
  /** What it takes. */
  readonly kind: EntryKind;
  /** Where it goes. The topic has to be there. */
  readonly topic: string;
  /**
   * The outbox's own id: the same for the same store always, and another for another. Its marker group and its
   * transactional id are made of it.
   */
  readonly outbox: string;
  /** Writes an entry's message. */
  readonly encode: EntryEncoder;
  /** The most bytes of a message; what is larger is refused. 1,000,000 by default, below a broker's own limit. */
  readonly maxMessageBytes?: number;
  /** Told of lost connections. */
  readonly onNotice?: (notice: StreamNotice) => void;
}

/** Writes an entry's message: its key, its bytes, and what stands beside it. */
export type EntryEncoder = (
  entry: PendingEntry,
) => Promise<Omit<OutgoingMessage, "topic">> | Omit<OutgoingMessage, "topic">;

/** A sink that holds a connection. */
export interface KafkaSink extends Sink {
  /** Lets go of the connection; what is handed over afterwards opens another. */
  close(): Promise<void>;
}

/** The names of {@link KafkaSinkOptions}. */
const KAFKA_SINK_OPTIONS: OptionNames<KafkaSinkOptions> = {
  client: "object!",
  kind: "string!",
  topic: "string!",
  outbox: "string!",
  encode: "function!",
  maxMessageBytes: "number",
  onNotice: "function",
};

/** Below `message.max.bytes` of brokers, 1,048,588 by default, with room for keys and headers. */
const MAX_MESSAGE_BYTES = 1_000_000;

/** An entry's number in the outbox, and whether its message is one that the topic takes. */
type Prepared = Outgoing | { readonly number: number; readonly refused: string };

/**
 * A sink that sends entries to a topic, exactly once for readers of committed messages. A transaction holds messages
 * and, as the offset of a group, the number of the last one: after a death the marker says what arrived. Numbers grow,
 * and entries are sent in their order; so one number is enough. A sender that opens fences the one before it, whose
 * unfinished transaction is given up, before the marker is read.
 *
 * It does not answer before the broker has taken the entries, however long that takes; the signal ends the waiting.
 *
 * @param options - which topic, whose outbox, how entries are written
 * @returns the sink, with `close`
 *
 * @example
 * ```ts
 * import { createKafkajsClient, createKafkaSink, encodeJson } from "@btsbot/stream";
 * import kafkajs from "kafkajs";
 *
 * const client = createKafkajsClient(kafkajs, { brokers: ["127.0.0.1:9092"] });
 * const sink = createKafkaSink({ client, kind: "decision", topic: "decisions", outbox: "night", encode: encodeJson });
 * sink.kind; // => "decision"
 * ```
 */
export function createKafkaSink(options: KafkaSinkOptions): KafkaSink {
  checkOptions("createKafkaSink", options, KAFKA_SINK_OPTIONS);
  checkArgument("createKafkaSink", "client", options.client, "object", ["openSender", "committed"]);
  const { client, kind, topic, outbox, onNotice } = options;
  const name = `btsbot.${outbox}.${kind}`;
  const sender = createMarkedSender({ client, name, topic, ...(onNotice && { onNotice }) });
  /** The first entry that is to be handed over again: none with a greater number is sent before it. */
  let held = Infinity;

  return {
    kind,
    async recall(entries) {
      const arrived = new Set<string>();
      // Another process may have sent since this one last looked.
      await sender.close();
      await sender.insist(async () => {
        const marker = await sender.marker();
        for (const entry of entries) {
          if (entry.number > marker) break;
          if (!("refused" in (await prepare(entry, options)))) arrived.add(entry.key);
        }
      });
      return arrived;
    },
    async take(entries, signal) {
      const again = (): SinkAnswer[] => {
        held = Math.min(held, entries[0].number);
        return entries.map(() => ({ state: "again", reason: "stopped before the broker took it" }));
      };
      if (entries[0].number > held) return again();
      held = Infinity;
      const outgoing: Outgoing[] = [];
      const refused = new Map<number, string>();
      const isReady = await sender.insist(async () => {
        outgoing.length = 0;
        for (const entry of entries) {
          const prepared = await prepare(entry, options);
          if ("refused" in prepared) refused.set(prepared.number, prepared.refused);
          else outgoing.push(prepared);
        }
        if (outgoing.length > 0) checkOrder(await sender.marker(), outgoing[0].number, name);
      }, signal);
      if (!isReady || (outgoing.length > 0 && !(await sender.send(outgoing, refused, signal)))) return again();
      return entries.map(({ number }): SinkAnswer => {
        const reason = refused.get(number);
        return reason === undefined ? { state: "done" } : { state: "refused", reason };
      });
    },
    close: () => sender.close(),
  };
}

/** What arrived was told by `recall`; what comes later has a greater number, or belongs to another outbox. */
function checkOrder(marker: number, first: number, name: string): void {
  if (first > marker) return;
  throw new BtsbotError("outbox-behind", "the topics hold entries with numbers that this store has not reached", {
    expected: `numbers above ${marker}, which ${name} has reached`,
    got: String(first),
    hint: "Use the store that sent them; or give another outbox id, and what they hold is sent again.",
  });
}

async function prepare(
  entry: PendingEntry,
  { topic, encode, maxMessageBytes = MAX_MESSAGE_BYTES }: KafkaSinkOptions,
): Promise<Prepared> {
  const message = { topic, ...(await encode(entry)) };
  const { length } = message.value;
  if (length <= maxMessageBytes) return { number: entry.number, message };
  return { number: entry.number, refused: `${countOf(length, "byte")}, and a message has at most ${maxMessageBytes}` };
}
