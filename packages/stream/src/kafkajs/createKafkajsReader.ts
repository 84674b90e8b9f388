import { createMessageQueue } from "../createMessageQueue.js";
import type { MessageQueue } from "../createMessageQueue.js";
import { KAFKAJS_RETRY } from "./retry.js";
import { toUnreachable } from "../toUnreachable.js";
import type { KafkaMessage, KafkaReader, ReadingOptions, TopicPartition } from "../types.js";
import type { Kafkajs, KafkajsBatch, KafkajsConsumer, KafkajsEvent, KafkajsMessage } from "./module.js";
import { MAX_BYTES, SESSION_MS } from "../clientDefaults.js";

/** Heartbeats in a session: two may be lost. */
const HEARTBEATS = 3;
/** How long the broker holds a question that nothing answers yet, ms; a message answers at once. */
const HOLD_MS = 200;
/** Partitions whose messages wait side by side: all that a member is likely to have. */
const SIDE_BY_SIDE = 128;

/**
 * Joins a group with kafkajs, which pushes: what it brings waits in a queue, and it brings no more of a partition before
 * that is taken.
 *
 * @internal
 */
export async function createKafkajsReader(kafka: Kafkajs, options: ReadingOptions): Promise<KafkaReader> {
  const { group, topics, maxBytes = MAX_BYTES, sessionMs = SESSION_MS } = options;
  const heartbeatMs = Math.floor(sessionMs / HEARTBEATS);
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    maxBytes,
    maxBytesPerPartition: maxBytes,
    maxWaitTimeInMs: HOLD_MS,
    // Whoever reads opens another, and says so.
    retry: { ...KAFKAJS_RETRY, restartOnFailure: () => Promise.resolve(false) },
  });
  const queue = createMessageQueue();
  consumer.on(consumer.events.CRASH, ({ payload }) => queue.fail(toUnreachable(payload.error)));
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => void settle(consumer, queue, payload, options));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: SIDE_BY_SIDE,
      eachBatch: (batch: KafkajsBatch) => bring(batch, queue, heartbeatMs),
    });
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw toUnreachable(error);
  }
  return {
    take: (taking) => queue.take(taking),
    tell: (offsets) =>
      consumer
        .commitOffsets(offsets.map(({ offset, ...place }) => ({ ...place, offset: String(offset) })))
        .catch(() => undefined),
    async close() {
      queue.end();
      await consumer.disconnect().catch(() => undefined);
    },
  };
}

/** Partitions were given: nothing is read of them before it is known from where. */
async function settle(
  consumer: KafkajsConsumer,
  queue: MessageQueue,
  { memberAssignment = {} }: KafkajsEvent,
  { place }: ReadingOptions,
): Promise<void> {
  const partitions = Object.entries(memberAssignment).flatMap(([topic, numbers]) =>
    numbers.map((partition): TopicPartition => ({ topic, partition })),
  );
  const isCurrent = queue.begin();
  const named = partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
  try {
    consumer.pause(named);
    const offsets = await place(partitions);
    if (!isCurrent()) return;
    const places = partitions.map((each, index) => ({ ...each, offset: offsets[index] }));
    queue.setPlaces(places);
    for (const each of places) consumer.seek({ ...each, offset: String(each.offset) });
    consumer.resume(named);
  } catch (error) {
    if (isCurrent()) queue.fail(toUnreachable(error));
  }
}

/** Waits until a batch was taken, with signs of life meanwhile; what the group says then ends the wait. */
async function bring(given: KafkajsBatch, queue: MessageQueue, heartbeatMs: number): Promise<void> {
  const { topic, partition, messages } = given.batch;
  const taken = queue.put(messages.map((message) => toMessage(message, { topic, partition })));
  let timer: NodeJS.Timeout | undefined;
  for (;;) {
    const beat = new Promise<"beat">((resolve) => (timer = setTimeout(resolve, heartbeatMs, "beat")));
    const outcome = await Promise.race([taken, beat]);
    clearTimeout(timer);
    // A batch of partitions that were given anew since is read again, from its place.
    if (outcome === "dropped") return;
    if (outcome === "taken") break;
    await given.heartbeat();
  }
  const last = messages.at(-1);
  if (last !== undefined) given.resolveOffset(last.offset);
  await given.heartbeat();
}

function toMessage({ key, value, offset, timestamp }: KafkajsMessage, place: TopicPartition): KafkaMessage {
  return { ...place, offset: BigInt(offset), key, value, timestampMs: Number(timestamp) };
}
