import { setTimeout } from "node:timers/promises";
import { checkArgument, checkOptions } from "@btsbot/errors";
import { CLIENT_OPTIONS } from "./clientOptions.js";
import { registerCodecs } from "./kafkajs/codecs.js";
import { createKafkajsReader } from "./kafkajs/createKafkajsReader.js";
import { createKafkajsSender } from "./kafkajs/createKafkajsSender.js";
import { KAFKAJS_RETRY } from "./kafkajs/retry.js";
import type { Kafkajs, KafkajsAdmin, KafkajsModule } from "./kafkajs/module.js";
import { toUnreachable } from "./toUnreachable.js";
import type { ClientOptions, KafkaClient } from "./types.js";
import { OWN_TOPICS } from "./clientDefaults.js";

/** How often a question is asked that may be answered soon, and the first pause, ms. */
const ATTEMPTS = 5;
const PAUSE_MS = 100;
/** What kafkajs says to every program that bounds the retries of a transactional producer; here another one takes over. */
const EXPECTED = /Limiting retries for the idempotent producer/;

/**
 * Makes a client of kafkajs: pure JavaScript, which installs wherever Node runs.
 *
 * @param kafkajs - the module, version 2, as `import kafkajs from "kafkajs"` gives it. Codecs that it lacks are given to
 * it (snappy, lz4, zstd: for reading)
 * @param options - brokers, and how to reach them
 * @returns the client; nothing is connected yet
 *
 * @example
 * ```ts
 * import { createKafkajsClient } from "@btsbot/stream";
 * import kafkajs from "kafkajs";
 *
 * const client = createKafkajsClient(kafkajs, { brokers: ["127.0.0.1:9092"] });
 * await client.close();
 * ```
 */
export function createKafkajsClient(kafkajs: object, options: ClientOptions): KafkaClient {
  checkOptions("createKafkajsClient", options, CLIENT_OPTIONS);
  checkArgument("createKafkajsClient", "kafkajs", kafkajs, "object", ["Kafka", "CompressionCodecs"]);
  const library = kafkajs as KafkajsModule;
  registerCodecs(library);
  const kafka = new library.Kafka(toConfig(library, options));
  const { compression = "gzip" } = options;
  const admin = createAdmin(kafka);
  return {
    topics: () =>
      admin.ask(async (asked) => {
        const { topics } = await asked.fetchTopicMetadata();
        return new Map(
          topics.filter(({ name }) => !OWN_TOPICS.test(name)).map(({ name, partitions }) => [name, partitions.length]),
        );
      }),
    createTopics: (wanted) =>
      admin.ask(async (asked) => {
        const known = new Set((await asked.fetchTopicMetadata()).topics.map(({ name }) => name));
        const topics = [...wanted].flatMap(([topic, numPartitions]) =>
          known.has(topic) ? [] : { topic, numPartitions },
        );
        if (topics.length > 0) await asked.createTopics({ topics, waitForLeaders: true });
      }),
    ranges: (topic) =>
      admin.ask(async (asked) =>
        (await asked.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
          topic,
          partition,
          low: BigInt(low),
          high: BigInt(high),
        })),
      ),
    committed: (group, topic) =>
      admin.ask(async (asked) => {
        const [{ partitions } = { partitions: [] }] = await asked.fetchOffsets({ groupId: group, topics: [topic] });
        return partitions
          .map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
          .filter(({ offset }) => offset >= 0n);
      }),
    openReader: (reading) => createKafkajsReader(kafka, reading),
    openSender: (transactionalId) => createKafkajsSender(kafka, library, { transactionalId, compression }),
    close: () => admin.close(),
  };
}

function toConfig({ logLevel }: KafkajsModule, options: ClientOptions): Record<string, unknown> {
  const { brokers, clientId = "btsbot", tls = false, sasl, onNotice } = options;
  return {
    clientId,
    brokers,
    ssl: tls,
    // A copy, since kafkajs writes into it.
    ...(sasl && { sasl: { ...sasl } }),
    logLevel: logLevel.WARN,
    retry: KAFKAJS_RETRY,
    logCreator:
      () =>
      ({ namespace, log }: { readonly namespace: string; readonly log: { readonly message: string } }) => {
        if (!EXPECTED.test(log.message)) onNotice?.(`${namespace}: ${log.message}`);
      },
  };
}

/** One connection for questions, made when there is one, and made anew after a failure. */
function createAdmin(kafka: Kafkajs) {
  let open: Promise<KafkajsAdmin> | undefined;
  const connect = async (): Promise<KafkajsAdmin> => {
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  };
  const close = async (): Promise<void> => {
    const last = open;
    open = undefined;
    await last?.then((admin) => admin.disconnect()).catch(() => undefined);
  };
  return {
    async ask<T>(question: (admin: KafkajsAdmin) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          open ??= connect();
          return await question(await open);
        } catch (error) {
          await close();
          // A coordinator that has just begun, a leader that is being chosen.
          if ((error as { retriable?: boolean }).retriable !== true || attempt === ATTEMPTS) throw toUnreachable(error);
          await setTimeout(PAUSE_MS * attempt);
        }
      }
    },
    close,
  };
}
