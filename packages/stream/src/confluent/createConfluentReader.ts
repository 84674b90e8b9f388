import { createMessageQueue } from "../createMessageQueue.js";
import type { MessageQueue } from "../createMessageQueue.js";
import { toUnreachable } from "../toUnreachable.js";
import type { KafkaMessage, KafkaReader, ReadingOptions } from "../types.js";
import { called } from "./module.js";
import type { ConfluentModule, RdConsumer, RdMessage, RdPlace } from "./module.js";
import { MAX_BYTES, SESSION_MS } from "../clientDefaults.js";

/** librdkafka: partitions are given (RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS). */
const ASSIGN = -175;
/** Messages that are asked for at once. */
const AT_ONCE = 500;
/** How long a question for messages waits, ms: it holds one of four threads of Node. */
const POLL_MS = 100;
/** The longest that a question waits for an answer, ms. */
const TIMEOUT_MS = 10_000;

/**
 * Joins a group with librdkafka. It fetches in threads of its own; what was taken of it waits in a queue, and no more is
 * taken before that is.
 *
 * @internal
 */
export async function createConfluentReader(
  { KafkaConsumer }: ConfluentModule,
  config: object,
  options: ReadingOptions,
): Promise<KafkaReader> {
  const { group, topics, maxBytes = MAX_BYTES, sessionMs = SESSION_MS } = options;
  const queue = createMessageQueue();
  const consumer: RdConsumer = new KafkaConsumer(
    {
      ...config,
      "group.id": group,
      "session.timeout.ms": sessionMs,
      "heartbeat.interval.ms": Math.max(100, Math.floor(sessionMs / 3)),
      "enable.auto.commit": false,
      "enable.auto.offset.store": false,
      "partition.assignment.strategy": "roundrobin",
      "fetch.max.bytes": maxBytes,
      "message.max.bytes": Math.max(1_000_000, maxBytes - 512),
      "queued.max.messages.kbytes": Math.ceil(maxBytes / 1024),
      "fetch.wait.max.ms": 200,
      "isolation.level": "read_committed",
      rebalance_cb: (event: { readonly code?: number } | undefined, given: RdPlace[]) =>
        void settle(consumer, queue, event?.code === ASSIGN ? given : undefined, options),
    },
    { "auto.offset.reset": "earliest" },
  );
  let down: NodeJS.Timeout | undefined;
  // All brokers being down is said once; whether they are back is seen by asking.
  consumer.on("event.error", (error) => {
    if (!/all broker|Fatal/i.test(error.message) || down !== undefined) return;
    down = setTimeout(() => {
      called((done) => consumer.getMetadata({ timeout: 1000 }, done)).then(
        () => (down = undefined),
        (cause: unknown) => queue.fail(toUnreachable(cause)),
      );
    }, 1000);
  });
  try {
    await called((done) => consumer.connect({ timeout: TIMEOUT_MS }, done));
    consumer.setDefaultConsumeTimeout(POLL_MS);
    consumer.subscribe([...topics]);
  } catch (error) {
    await called((done) => consumer.disconnect(done)).catch(() => undefined);
    throw toUnreachable(error);
  }
  const state = { isOpen: true };
  const pumping = pump(consumer, queue, state);
  return {
    take: (taking) => queue.take(taking),
    tell(offsets) {
      try {
        consumer.commit(offsets.map(({ offset, ...place }) => ({ ...place, offset: Number(offset) })));
      } catch {
        // Whoever watches the lag sees the next one.
      }
      return Promise.resolve();
    },
    async close() {
      state.isOpen = false;
      clearTimeout(down);
      queue.end();
      await pumping;
      await called((done) => consumer.disconnect(done)).catch(() => undefined);
    },
  };
}

/** Partitions were given or taken away: librdkafka begins where it is told. */
async function settle(
  consumer: RdConsumer,
  queue: MessageQueue,
  given: RdPlace[] | undefined,
  { place }: ReadingOptions,
): Promise<void> {
  const isCurrent = queue.begin();
  try {
    if (given === undefined) return consumer.unassign();
    const partitions = given.map(({ topic, partition }) => ({ topic, partition }));
    const offsets = await place(partitions);
    if (!isCurrent()) return;
    const places = partitions.map((each, index) => ({ ...each, offset: offsets[index] }));
    queue.setPlaces(places);
    consumer.assign(places.map((each) => ({ ...each, offset: Number(each.offset) })));
  } catch (error) {
    if (isCurrent()) queue.fail(toUnreachable(error));
  }
}

/** Asks for messages as long as what came before was taken. */
async function pump(consumer: RdConsumer, queue: MessageQueue, state: { readonly isOpen: boolean }): Promise<void> {
  while (state.isOpen) {
    let messages: RdMessage[];
    try {
      messages = await called<RdMessage[]>((done) => consumer.consume(AT_ONCE, done));
    } catch (error) {
      if (state.isOpen) queue.fail(toUnreachable(error));
      return;
    }
    const byPartition = new Map<string, KafkaMessage[]>();
    for (const message of messages) {
      const name = `${message.topic}/${message.partition}`;
      byPartition.set(name, [...(byPartition.get(name) ?? []), toMessage(message)]);
    }
    await Promise.all([...byPartition.values()].map((each) => queue.put(each)));
  }
}

function toMessage({ topic, partition, offset, key, value, timestamp }: RdMessage): KafkaMessage {
  return {
    topic,
    partition,
    offset: BigInt(offset),
    key: typeof key === "string" ? new TextEncoder().encode(key) : (key ?? null),
    value,
    ...(timestamp !== undefined && { timestampMs: timestamp }),
  };
}
