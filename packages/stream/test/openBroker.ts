import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createKafkajsClient } from "@btsbot/stream";
import type { KafkaClient, KafkaMessage, OutgoingMessage } from "@btsbot/stream";
import kafkajs from "kafkajs";
import { startKafka } from "../../../test/support/kafkaBroker.js";
import type { KafkaBroker } from "../../../test/support/kafkaBroker.js";

/** A broker with a client, and what tests do with it. */
export interface OpenBroker {
  readonly broker: KafkaBroker;
  readonly client: KafkaClient;
  /** Makes a topic with a name of its own. */
  makeTopic(partitions?: number, name?: string): Promise<string>;
  /** Produces values, each under a key. */
  produce(topic: string, values: readonly (readonly [key: string, value: Uint8Array])[]): Promise<void>;
  /** What a reader of committed messages finds in a topic, until its end. */
  readAll(topic: string): Promise<KafkaMessage[]>;
  close(): Promise<void>;
}

/** Starts one. */
export async function openBroker(): Promise<OpenBroker> {
  const broker = await startKafka();
  const client = createKafkajsClient(kafkajs, { brokers: [broker.address] });
  const makeTopic = async (partitions = 1, name = `t-${randomUUID()}`): Promise<string> => {
    await client.createTopics(new Map([[name, partitions]]));
    return name;
  };
  // A broker that has just begun makes the topic of groups' offsets when it is first asked for one.
  const first = await makeTopic();
  while (
    !(await client.committed("first", first).then(
      () => true,
      () => false,
    ))
  )
    await pause(50);
  return {
    broker,
    client,
    makeTopic,
    async produce(topic, values) {
      const sender = await client.openSender(randomUUID());
      const messages = values.map(([key, value]): OutgoingMessage => ({ topic, key, value }));
      await sender.send({ messages, marker: { group: randomUUID(), topic, partition: 0, offset: 1n } });
      await sender.close();
    },
    async readAll(topic) {
      const left = new Map((await client.ranges(topic)).map(({ partition, high }) => [partition, high]));
      const place = (partitions: readonly unknown[]) => Promise.resolve(partitions.map(() => 0n));
      const reader = await client.openReader({ group: randomUUID(), topics: [topic], place });
      const read: KafkaMessage[] = [];
      // The last offset of a partition may be a transaction's end.
      const isDone = (): boolean =>
        [...left].every(([partition, high]) => {
          const last = read.findLast((each) => each.partition === partition);
          return high === 0n || (last !== undefined && last.offset >= high - 2n);
        });
      for (let empty = 0; empty < 1;) {
        const taken = await reader.take({ maxBytes: 1e8, maxMessages: 1e5, waitMs: isDone() ? 300 : 5000 });
        read.push(...taken);
        if (taken.length === 0) empty += 1;
      }
      await reader.close();
      return read;
    },
    async close() {
      await client.close();
      await broker.stop();
    },
  };
}
