import { BtsbotError } from "@btsbot/errors";
import { KAFKAJS_RETRY } from "./retry.js";
import { toUnreachable } from "../toUnreachable.js";
import type { KafkaSender, KafkaTransaction, OutgoingMessage } from "../types.js";
import type { Kafkajs, KafkajsModule } from "./module.js";

/** What brokers answer that no other try changes (Kafka protocol, "Error Codes"). */
const REFUSALS = ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "TOPIC_AUTHORIZATION_FAILED"];

/**
 * Bytes of a batch. kafkajs makes one of all messages of a partition, and a broker refuses it above `message.max.bytes`,
 * 1,048,588 by default.
 */
const BATCH_BYTES = 900_000;

/**
 * Opens what sends in transactions with kafkajs.
 *
 * @internal
 */
export async function createKafkajsSender(
  kafka: Kafkajs,
  { CompressionTypes, Partitioners }: KafkajsModule,
  options: { readonly transactionalId: string; readonly compression: "none" | "gzip" },
): Promise<KafkaSender> {
  const producer = kafka.producer({
    transactionalId: options.transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: KAFKAJS_RETRY,
  });
  const close = (): Promise<void> => producer.disconnect().catch(() => undefined);
  try {
    await producer.connect();
    // The first transaction asks for the id, and fences whoever had it; nothing is in it.
    await (await producer.transaction()).abort();
  } catch (error) {
    await close();
    throw toUnreachable(error);
  }
  const compression = options.compression === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None;
  return {
    async send({ messages, marker }) {
      try {
        const transaction = await producer.transaction();
        try {
          for (const part of split(messages))
            await transaction.sendBatch({ topicMessages: byTopic(part), acks: -1, compression });
          await transaction.sendOffsets(toOffsets(marker));
        } catch (error) {
          await transaction.abort();
          throw error;
        }
        await transaction.commit();
      } catch (error) {
        throw toRefusal(error) ?? toUnreachable(error);
      }
    },
    close,
  };
}

/** Messages that go in one batch; one that is larger goes alone, for the broker to say what it thinks of it. */
function split(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const parts: OutgoingMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = message.value.length + message.key.length;
    if (bytes + size > BATCH_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts[parts.length - 1].push(message);
    bytes += size;
  }
  return parts;
}

function byTopic(messages: readonly OutgoingMessage[]): object[] {
  const topics = new Map<string, object[]>();
  for (const { topic, key, value, headers } of messages) {
    const list = topics.get(topic) ?? [];
    topics.set(topic, list);
    list.push({
      key,
      value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
      ...(headers && { headers }),
    });
  }
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}

function toOffsets({ group, topic, partition, offset }: KafkaTransaction["marker"]): object {
  return { consumerGroupId: group, topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] };
}

function toRefusal(cause: unknown): BtsbotError | undefined {
  const { type = "", message } = cause as { readonly type?: string; readonly message: string };
  if (!REFUSALS.includes(type)) return undefined;
  return new BtsbotError("message-refused", "the broker does not take a message", { got: message, cause });
}
