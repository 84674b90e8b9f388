import { setTimeout } from "node:timers/promises";
import type { Source, SourceBatch } from "@btsbot/decide";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { createBackoff } from "./createBackoff.js";
import { createMessageReader } from "./createMessageReader.js";
import { createPlacer } from "./createPlacer.js";
import type { Placer } from "./createPlacer.js";
import { gatherMessages } from "./gatherMessages.js";
import { KAFKA_SOURCE_OPTIONS } from "./kafkaSourceOptions.js";
import type { KafkaSourceOptions } from "./kafkaSourceOptions.js";
import type { KafkaMessage, KafkaReader, Signal } from "./types.js";
import { MAX_BYTES } from "./clientDefaults.js";

/** Of those that pass a filter, a network's batches are full. */
const MAX_MESSAGES = 256;
const MAX_WAIT_MS = 200;
const REFRESH_MS = 30_000;
/** Where nothing comes for so long, ms, topics are at their end: what is left are ends of transactions. */
const END_MS = 1000;

/**
 * Alerts of topics as a source of the loop. How far each partition was read is kept with what its alerts changed; a
 * consumer that takes a partition over goes on from there. What cannot be read is a failure with its bytes, and the
 * others go on. A broker that cannot be reached is tried for ever.
 *
 * @param options - which topics, as which group, and where places are kept
 * @returns the source
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "@btsbot/decide";
 * import { createKafkajsClient, createKafkaSource } from "@btsbot/stream";
 * import kafkajs from "kafkajs";
 *
 * const client = createKafkajsClient(kafkajs, { brokers: ["127.0.0.1:9092"] });
 * const topics = /^ztf_\d{8}_programid1$/;
 * createKafkaSource({ client, topics, group: "btsbot", store: createMemoryStore() }).name; // => "kafka"
 * ```
 */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  checkOptions("createKafkaSource", options, KAFKA_SOURCE_OPTIONS);
  checkArgument("createKafkaSource", "client", options.client, "object", ["topics", "ranges", "openReader"]);
  checkArgument("createKafkaSource", "store", options.store, "object", ["cursor"]);
  return {
    name: "kafka",
    async *batches({ signal } = {}) {
      const backoff = createBackoff(options.onNotice);
      for (let known: readonly string[] = []; signal?.aborted !== true;) {
        let reader: KafkaReader | undefined;
        try {
          const topics = await listTopics(options);
          if (topics.join() !== known.join()) options.onNotice?.({ kind: "topics", topics });
          known = topics;
          if (topics.length > 0) {
            const placer = createPlacer(options);
            reader = await openReader(topics, placer.place, options);
            backoff.reset();
            yield* readTopics(reader, topics, placer, options, signal);
            if (options.until === "end") return;
          } else if (options.until === "end") return;
          else await pause(options.refreshMs ?? REFRESH_MS, signal);
        } catch (error) {
          if (!(error instanceof BtsbotError) || error.code !== "broker-unreachable") throw error;
          await pause(backoff.next(error), signal);
        } finally {
          await reader?.close();
        }
      }
    },
  };
}

async function listTopics({ client, topics }: KafkaSourceOptions): Promise<readonly string[]> {
  const there = [...(await client.topics()).keys()];
  const wanted = Array.isArray(topics)
    ? (name: string) => topics.includes(name)
    : (name: string) => isMatch(topics, name);
  return there.filter(wanted).sort();
}

function isMatch(pattern: KafkaSourceOptions["topics"], name: string): boolean {
  const { source, flags } = pattern as RegExp;
  // A pattern with a place of its own (`g`, `y`) would forget every other name.
  return new RegExp(source, flags.replace(/[gy]/g, "")).test(name);
}

function openReader(
  topics: readonly string[],
  place: Placer["place"],
  { client, group, maxBytes = MAX_BYTES, sessionMs }: KafkaSourceOptions,
): Promise<KafkaReader> {
  return client.openReader({ group, topics, place, maxBytes, ...(sessionMs !== undefined && { sessionMs }) });
}

/** Until the topics change, or the signal is aborted, or all is read that is to be. */
async function* readTopics(
  reader: KafkaReader,
  topics: readonly string[],
  placer: Placer,
  options: KafkaSourceOptions,
  signal: Signal | undefined,
): AsyncGenerator<SourceBatch, void, undefined> {
  const { maxBytes = MAX_BYTES, maxMessages = MAX_MESSAGES, maxWaitMs = MAX_WAIT_MS } = options;
  const { refreshMs = REFRESH_MS, until } = options;
  const toItems = createMessageReader(options);
  const ends = until === "end" ? await placer.findEnds(topics) : undefined;
  let refreshAt = performance.now() + refreshMs;
  while (signal?.aborted !== true && ends?.isReached() !== true) {
    const idleMs = Math.max(0, Math.min(refreshAt - performance.now(), ends === undefined ? Infinity : END_MS));
    const messages = await gatherMessages(reader, { maxBytes, maxMessages, maxWaitMs, idleMs, signal });
    if (messages.length > 0) {
      await placer.look(messages);
      options.onMessages?.(messages);
      const items = await toItems(messages, signal);
      // What was not read, since the signal came first, is read by the next run.
      if (items === undefined) return;
      const offsets = lastOffsets(messages);
      yield { items, cursors: offsets.map((each) => ({ source: placer.nameOf(each), value: String(each.offset) })) };
      void reader.tell(offsets);
    } else if (ends?.isPlaced() === true) return;
    if (performance.now() >= refreshAt) {
      if ((await listTopics(options)).join() !== topics.join()) return;
      refreshAt = performance.now() + refreshMs;
    }
  }
}

/** The next place in each partition of which there is a message. */
function lastOffsets(messages: readonly KafkaMessage[]) {
  const last = new Map(
    messages.map(({ topic, partition, offset }) => [
      `${topic}/${partition}`,
      { topic, partition, offset: offset + 1n },
    ]),
  );
  return [...last.values()];
}

async function pause(ms: number, signal: Signal | undefined): Promise<void> {
  await setTimeout(ms, undefined, { ...(signal && { signal }) }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
