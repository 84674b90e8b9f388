import { BtsbotError } from "@btsbot/errors";
import { toUnreachable } from "../toUnreachable.js";
import type { KafkaSender } from "../types.js";
import { called } from "./module.js";
import type { ConfluentModule, RdConsumer, RdProducer } from "./module.js";

/** librdkafka's codes of what no other try changes: the message is too large, or is not valid. */
const REFUSALS: readonly number[] = [10, 18, 87];
/** The longest that a step of a transaction waits, ms. */
const TIMEOUT_MS = 10_000;
/** How often deliveries are heard of, ms. */
const POLL_MS = 20;

/**
 * Opens what sends in transactions with librdkafka.
 *
 * @internal
 */
export async function createConfluentSender(
  { Producer, KafkaConsumer }: ConfluentModule,
  config: object,
  options: { readonly transactionalId: string; readonly compression: "none" | "gzip" },
): Promise<KafkaSender> {
  const producer: RdProducer = new Producer({
    ...config,
    "transactional.id": options.transactionalId,
    "compression.codec": options.compression,
    partitioner: "murmur2_random",
    dr_cb: true,
  });
  let failure: (Error & { readonly code?: number }) | undefined;
  producer.on("delivery-report", (error) => (failure ??= error ?? undefined));
  // What fails is told by the step that fails.
  producer.on("event.error", () => undefined);
  let marking: RdConsumer | undefined;
  const close = async (): Promise<void> => {
    await called((done) => producer.disconnect(done)).catch(() => undefined);
    if (marking !== undefined) await called((done) => marking?.disconnect(done)).catch(() => undefined);
    marking = undefined;
  };
  /** Offsets are sent by a member of their group, or by one who reads nothing of it. */
  const markerOf = async (group: string): Promise<RdConsumer> => {
    if (marking !== undefined) return marking;
    const consumer = new KafkaConsumer({ ...config, "group.id": group, "enable.auto.commit": false }, {});
    consumer.on("event.error", () => undefined);
    await called((done) => consumer.connect({ timeout: TIMEOUT_MS }, done));
    return (marking = consumer);
  };
  try {
    await called((done) => producer.connect({ timeout: TIMEOUT_MS }, done));
    producer.setPollInterval(POLL_MS);
    await called((done) => producer.initTransactions(TIMEOUT_MS, done));
  } catch (error) {
    await close();
    throw toUnreachable(error);
  }
  return {
    async send({ messages, marker }) {
      failure = undefined;
      try {
        await called((done) => producer.beginTransaction(done));
        for (const { topic, key, value, headers = {} } of messages) {
          const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
          const beside = Object.entries(headers).map(([name, text]) => ({ [name]: text }));
          producer.produce(topic, null, bytes, key, null, null, beside);
        }
        const { group, topic, partition, offset } = marker;
        const place = { topic, partition, offset: Number(offset) };
        const consumer = await markerOf(group);
        await called((done) => producer.sendOffsetsToTransaction([place], consumer, TIMEOUT_MS, done));
        await called((done) => producer.commitTransaction(TIMEOUT_MS, done));
      } catch (error) {
        await called((done) => producer.abortTransaction(TIMEOUT_MS, done)).catch(() => undefined);
        throw toRefusal(error) ?? toRefusal(failure) ?? toUnreachable(error);
      }
    },
    close,
  };
}

function toRefusal(cause: unknown): BtsbotError | undefined {
  const { code, message } = (cause ?? {}) as { readonly code?: number; readonly message: string };
  if (code === undefined || !REFUSALS.includes(code)) return undefined;
  return new BtsbotError("message-refused", "the broker does not take a message", { got: message, cause });
}
