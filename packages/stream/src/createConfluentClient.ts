import { checkArgument, checkOptions } from "@btsbot/errors";
import { CLIENT_OPTIONS } from "./clientOptions.js";
import { createConfluentReader } from "./confluent/createConfluentReader.js";
import { createConfluentSender } from "./confluent/createConfluentSender.js";
import { called } from "./confluent/module.js";
import type { ConfluentModule, RdConsumer, RdMetadata } from "./confluent/module.js";
import { toUnreachable } from "./toUnreachable.js";
import type { ClientOptions, KafkaClient, PartitionRange } from "./types.js";
import { OWN_TOPICS } from "./clientDefaults.js";

/** The longest that a question waits for an answer, ms. */
const TIMEOUT_MS = 5000;
/** "The topic is there already" (Kafka protocol, "Error Codes"). */
const THERE_ALREADY = 36;

/**
 * Makes a client of @confluentinc/kafka-javascript, which runs librdkafka: the best kept of the clients, native code that
 * has to be there for the system, or is compiled.
 *
 * @param confluent - the module, as `import confluent from "@confluentinc/kafka-javascript"` gives it
 * @param options - brokers, and how to reach them
 * @returns the client; nothing is connected yet
 *
 * @example
 * ```ts
 * import { createConfluentClient } from "@btsbot/stream";
 *
 * typeof createConfluentClient; // => "function"
 * ```
 */
export function createConfluentClient(confluent: object, options: ClientOptions): KafkaClient {
  checkOptions("createConfluentClient", options, CLIENT_OPTIONS);
  checkArgument("createConfluentClient", "confluent", confluent, "object", [
    "KafkaConsumer",
    "Producer",
    "AdminClient",
  ]);
  const library = confluent as ConfluentModule;
  const config = toConfig(options);
  const { compression = "gzip" } = options;
  /** A question by one who reads nothing; another group is another asker. */
  const ask = async <T>(question: (asked: RdConsumer) => Promise<T>, group = "btsbot-asks"): Promise<T> => {
    const asked = new library.KafkaConsumer({ ...config, "group.id": group, "enable.auto.commit": false }, {});
    asked.on("event.error", (error) => options.onNotice?.(error.message));
    try {
      await called((done) => asked.connect({ timeout: TIMEOUT_MS }, done));
      return await question(asked);
    } catch (error) {
      throw toUnreachable(error);
    } finally {
      await called((done) => asked.disconnect(done)).catch(() => undefined);
    }
  };
  const partitionsOf = async (asked: RdConsumer, topic?: string): Promise<Map<string, number>> => {
    const metadata = await called<RdMetadata>((done) =>
      asked.getMetadata({ timeout: TIMEOUT_MS, ...(topic !== undefined && { topic }) }, done),
    );
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
  };
  return {
    topics: () =>
      ask(async (asked) => new Map([...(await partitionsOf(asked))].filter(([name]) => !OWN_TOPICS.test(name)))),
    async createTopics(wanted) {
      const admin = library.AdminClient.create(config);
      try {
        for (const [topic, num_partitions] of wanted) {
          const made = called((done) =>
            admin.createTopic({ topic, num_partitions, replication_factor: -1 }, TIMEOUT_MS, done),
          );
          await made.catch((error: { readonly code?: number }) => {
            if (error.code !== THERE_ALREADY) throw error;
          });
        }
      } catch (error) {
        throw toUnreachable(error);
      } finally {
        admin.disconnect();
      }
    },
    ranges: (topic) =>
      ask(async (asked) => {
        const count = (await partitionsOf(asked, topic)).get(topic) ?? 0;
        const ranges: PartitionRange[] = [];
        for (let partition = 0; partition < count; partition += 1) {
          const { lowOffset, highOffset } = await called<{ readonly lowOffset: number; readonly highOffset: number }>(
            (done) => asked.queryWatermarkOffsets(topic, partition, TIMEOUT_MS, done),
          );
          ranges.push({ topic, partition, low: BigInt(lowOffset), high: BigInt(highOffset) });
        }
        return ranges;
      }),
    committed: (group, topic) =>
      ask(async (asked) => {
        const count = (await partitionsOf(asked, topic)).get(topic) ?? 0;
        const places = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
        const offsets = await called<readonly { partition: number; offset?: number }[]>((done) =>
          asked.committed(places, TIMEOUT_MS, done),
        );
        return offsets.flatMap(({ partition, offset }) =>
          offset === undefined || offset < 0 ? [] : [{ topic, partition, offset: BigInt(offset) }],
        );
      }, group),
    openReader: (reading) => createConfluentReader(library, config, reading),
    openSender: (transactionalId) => createConfluentSender(library, config, { transactionalId, compression }),
    close: () => Promise.resolve(),
  };
}

/** By librdkafka's names (CONFIGURATION.md there). */
function toConfig({ brokers, clientId = "btsbot", tls = false, sasl }: ClientOptions): Record<string, unknown> {
  const { ca, cert, key } = typeof tls === "object" ? tls : {};
  const protocol = `${sasl ? "sasl_" : ""}${tls === false ? "plaintext" : "ssl"}`;
  return {
    "bootstrap.servers": brokers.join(),
    "client.id": clientId,
    "security.protocol": protocol,
    ...(ca !== undefined && { "ssl.ca.pem": ca }),
    ...(cert !== undefined && { "ssl.certificate.pem": cert }),
    ...(key !== undefined && { "ssl.key.pem": key }),
    ...(sasl && {
      "sasl.mechanisms": sasl.mechanism.toUpperCase(),
      "sasl.username": sasl.username,
      "sasl.password": sasl.password,
    }),
  };
}
