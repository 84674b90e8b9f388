import { randomBytes, randomUUID } from "node:crypto";
import type { ClientOptions, KafkaClient, KafkaMessage, KafkaReader, KafkaSender } from "@btsbot/stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithKafka, SCRAM_USER, startKafka } from "./kafkaBroker.js";
import type { KafkaBroker } from "./kafkaBroker.js";

/** A session short enough that the death of a member is soon known. */
const SESSION_MS = 1000;

/**
 * What every client of Kafka must do, as one suite, on a broker of its own.
 *
 * @param name - names the suite
 * @param open - makes a client
 */
export function describeKafkaClient(
  name: string,
  open: (options: ClientOptions) => Promise<KafkaClient> | KafkaClient,
): void {
  describeWithKafka(`the Kafka client ${name}`, () => {
    let broker: KafkaBroker;
    let client: KafkaClient;
    const opened: { close(): Promise<void> }[] = [];
    const track = <T extends { close(): Promise<void> }>(each: T): T => {
      opened.push(each);
      return each;
    };
    beforeAll(async () => {
      broker = await startKafka();
      client = await open({ brokers: [broker.address] });
    });
    afterAll(async () => {
      for (const each of opened.reverse()) await each.close();
      await client.close();
      await broker.stop();
    });

    const makeTopic = async (partitions = 1): Promise<string> => {
      const topic = `t-${randomUUID()}`;
      await client.createTopics(new Map([[topic, partitions]]));
      return topic;
    };
    const openReader = async (topics: readonly string[], group = randomUUID(), from = 0n): Promise<KafkaReader> =>
      track(
        await client.openReader({
          group,
          topics,
          sessionMs: SESSION_MS,
          place: (partitions) => Promise.resolve(partitions.map(() => from)),
        }),
      );
    const openSender = async (id: string = randomUUID()): Promise<KafkaSender> => track(await client.openSender(id));

    describe("topics", () => {
      it("are made once, and listed with their partitions", async () => {
        const topic = await makeTopic(3);
        await client.createTopics(new Map([[topic, 3]]));
        expect((await client.topics()).get(topic)).toBe(3);
        expect([...(await client.topics()).keys()].filter((each) => each.startsWith("__"))).toEqual([]);
      });

      it("have a range of offsets in each partition", async () => {
        const topic = await makeTopic(2);
        expect([...(await client.ranges(topic))].sort((a, b) => a.partition - b.partition)).toEqual([
          { topic, partition: 0, low: 0n, high: 0n },
          { topic, partition: 1, low: 0n, high: 0n },
        ]);
      });
    });

    describe("a transaction", () => {
      it("brings its messages and its marker", async () => {
        const topic = await makeTopic();
        const sender = await openSender();
        const group = randomUUID();
        expect(await client.committed(group, topic)).toEqual([]);
        await sender.send(transactionOf(topic, group, 1, 4));
        await sender.send(transactionOf(topic, group, 4, 6));
        await expect.poll(() => client.committed(group, topic)).toEqual([{ topic, partition: 0, offset: 5n }]);
        const messages = await takeAll(await openReader([topic]), 5);
        expect(messages.map(({ value }) => text(value))).toEqual(["1", "2", "3", "4", "5"]);
        expect(messages.map(({ key }) => text(key))).toEqual(["k1", "k2", "k3", "k4", "k5"]);
      });

      it("of another sender with the same id is fenced", async () => {
        const topic = await makeTopic();
        const [id, group] = [randomUUID(), randomUUID()];
        const first = await openSender(id);
        await first.send(transactionOf(topic, group, 1, 2));
        const second = await openSender(id);
        await expect(first.send(transactionOf(topic, group, 2, 3))).rejects.toMatchObject({
          code: "broker-unreachable",
        });
        await second.send(transactionOf(topic, group, 3, 4));
        // The broker answers a commit before all of its markers are written.
        await expect.poll(() => client.committed(group, topic)).toEqual([{ topic, partition: 0, offset: 3n }]);
        expect((await takeAll(await openReader([topic]), 2)).map(({ value }) => text(value))).toEqual(["1", "3"]);
      });

      it("with a message that is too large is refused, and the next is taken", async () => {
        const topic = await makeTopic();
        const sender = await openSender();
        const group = randomUUID();
        const large = { topic, key: "k", value: randomBytes(3_000_000) };
        await expect(
          sender.send({ messages: [large], marker: { group, topic, partition: 0, offset: 1n } }),
        ).rejects.toMatchObject({ code: "message-refused" });
        await sender.close();
        await (await openSender()).send(transactionOf(topic, group, 2, 3));
        expect((await takeAll(await openReader([topic]), 1)).map(({ value }) => text(value))).toEqual(["2"]);
      });

      it("holds more than a broker takes in one batch", async () => {
        const topic = await makeTopic();
        const messages = Array.from({ length: 40 }, (_, at) => ({ topic, key: `k${at}`, value: randomBytes(60_000) }));
        const marker = { group: randomUUID(), topic, partition: 0, offset: 1n };
        await (await openSender()).send({ messages, marker });
        const read = await takeAll(await openReader([topic]), 40);
        expect(read.map(({ key }) => text(key))).toEqual(messages.map(({ key }) => key));
      });

      it("keeps a key's messages in one partition, in order", async () => {
        const topic = await makeTopic(4);
        const messages = Array.from({ length: 60 }, (_, at) => ({
          topic,
          key: `k${at % 6}`,
          value: bytes(String(at)),
        }));
        const marker = { group: randomUUID(), topic, partition: 0, offset: 1n };
        await (await openSender()).send({ messages, marker });
        const read = await takeAll(await openReader([topic]), 60);
        for (const key of new Set(read.map((each) => text(each.key)))) {
          const own = read.filter((each) => text(each.key) === key);
          expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
          expect(own.map(({ value }) => Number(text(value)))).toEqual(
            Array.from({ length: 10 }, (_, i) => i * 6 + Number(key.slice(1))),
          );
        }
        expect(new Set(read.map(({ partition }) => partition)).size).toBeGreaterThan(1);
      });
    });

    describe("a reader", () => {
      it("begins at its place, whatever the group has committed", async () => {
        const topic = await makeTopic();
        const group = randomUUID();
        await (await openSender()).send(transactionOf(topic, randomUUID(), 0, 8));
        const first = await openReader([topic], group);
        await takeAll(first, 8);
        await first.tell([{ topic, partition: 0, offset: 8n }]);
        await first.close();
        const again = await openReader([topic], group, 3n);
        expect((await takeAll(again, 5)).map(({ offset }) => offset)).toEqual([3n, 4n, 5n, 6n, 7n]);
      });

      it("takes what is there within its bounds, and waits no longer than it is told", async () => {
        const topic = await makeTopic();
        const messages = Array.from({ length: 10 }, () => ({ topic, key: "k", value: new Uint8Array(100) }));
        const marker = { group: randomUUID(), topic, partition: 0, offset: 1n };
        await (await openSender()).send({ messages, marker });
        const reader = await openReader([topic]);
        expect(await reader.take({ maxBytes: 350, maxMessages: 100, waitMs: 20_000 })).toHaveLength(3);
        expect(await reader.take({ maxBytes: 1e6, maxMessages: 2, waitMs: 20_000 })).toHaveLength(2);
        expect(await reader.take({ maxBytes: 1, maxMessages: 2, waitMs: 20_000 })).toHaveLength(1);
        expect(await takeAll(reader, 4)).toHaveLength(4);
        expect(await reader.take({ maxBytes: 1e6, maxMessages: 2, waitMs: 50 })).toEqual([]);
      });

      it("shares the partitions with another, and takes them over when that leaves or dies", async () => {
        const topic = await makeTopic(4);
        const group = randomUUID();
        const sender = await openSender();
        const seen = new Map<string, bigint>();
        const read = async (reader: KafkaReader): Promise<KafkaMessage[]> => {
          const messages = [...(await reader.take({ maxBytes: 1e6, maxMessages: 50, waitMs: 50 }))];
          for (const { topic: of, partition, offset } of messages) seen.set(`${of}/${partition}`, offset + 1n);
          return messages;
        };
        const join = async (): Promise<KafkaReader> =>
          track(
            await client.openReader({
              group,
              topics: [topic],
              sessionMs: SESSION_MS,
              place: (given) => Promise.resolve(given.map((each) => seen.get(`${topic}/${each.partition}`) ?? 0n)),
            }),
          );
        let sent = 0;
        const send = async (): Promise<void> => {
          const messages = Array.from({ length: 40 }, () => ({ topic, key: `k${sent}`, value: bytes(String(sent++)) }));
          await sender.send({ messages, marker: { group: "m", topic, partition: 0, offset: BigInt(sent) } });
        };
        const values = new Map<string, Set<number>>();
        const note = (who: string, messages: readonly KafkaMessage[]): void => {
          for (const { value, partition } of messages) {
            values.set(who, (values.get(who) ?? new Set()).add(partition));
            all.add(text(value));
          }
        };
        const all = new Set<string>();
        const [a, b] = [await join(), await join()];
        while ((values.get("a")?.size ?? 0) < 1 || (values.get("b")?.size ?? 0) < 1 || all.size < sent) {
          if (all.size === sent) await send();
          note("a", await read(a));
          note("b", await read(b));
        }
        await b.close();
        values.clear();
        while ((values.get("a")?.size ?? 0) < 4 || all.size < sent) {
          if (all.size === sent) await send();
          note("a", await read(a));
        }
        expect(all.size).toBe(sent);
      });

      it("waits alive while nothing is taken, for longer than a session", async () => {
        const topic = await makeTopic();
        await (await openSender()).send(transactionOf(topic, randomUUID(), 0, 3));
        let given = 0;
        const reader = track(
          await client.openReader({
            group: randomUUID(),
            topics: [topic],
            sessionMs: SESSION_MS,
            place: (partitions) => {
              given += 1;
              return Promise.resolve(partitions.map(() => 0n));
            },
          }),
        );
        expect(await reader.take({ maxBytes: 1, maxMessages: 1, waitMs: 20_000 })).toHaveLength(1);
        await new Promise((resolve) => setTimeout(resolve, 2.5 * SESSION_MS));
        expect(await takeAll(reader, 2)).toHaveLength(2);
        expect(given).toBe(1);
      });
    });

    describe("a broker", () => {
      it("takes who logs in, and nobody else", async () => {
        const sasl = { mechanism: "scram-sha-512", ...SCRAM_USER } as const;
        const known = await open({ brokers: [broker.saslAddress], sasl });
        expect((await known.topics()).size).toBeGreaterThanOrEqual(0);
        await known.close();
        const unknown = await open({ brokers: [broker.saslAddress], sasl: { ...sasl, password: "wrong" } });
        await expect(unknown.topics()).rejects.toMatchObject({ code: "broker-unreachable" });
        await unknown.close();
      });

      it("that dies fails who sends and reads; opened again, they go on", async () => {
        const topic = await makeTopic();
        const [id, group] = [randomUUID(), randomUUID()];
        const sender = await openSender(id);
        await sender.send(transactionOf(topic, group, 1, 3));
        const reader = await openReader([topic]);
        await takeAll(reader, 2);
        await broker.kill();
        const failing = expect(sender.send(transactionOf(topic, group, 3, 5))).rejects.toMatchObject({
          code: "broker-unreachable",
        });
        await failing;
        await expect(takeUntilItFails(reader)).rejects.toMatchObject({ code: "broker-unreachable" });
        await Promise.all([sender.close(), reader.close()]);
        await broker.restart();
        const again = await untilDone(() => client.openSender(id));
        track(again);
        const arrived = (await untilDone(() => client.committed(group, topic)))[0].offset;
        expect(arrived).toBe(2n);
        await again.send(transactionOf(topic, group, 3, 5));
        const read = await takeAll(await untilDone(() => openReader([topic])), 4);
        expect(read.map(({ value }) => text(value))).toEqual(["1", "2", "3", "4"]);
      }, 120_000);
    });
  });
}

function transactionOf(topic: string, group: string, from: number, to: number) {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  return {
    messages: numbers.map((number) => ({ topic, key: `k${number}`, value: bytes(String(number)) })),
    marker: { group, topic, partition: 0, offset: BigInt(to - 1) },
  };
}

/** Reads until so many have come; what comes beyond them is a failure. */
export async function takeAll(reader: KafkaReader, count: number): Promise<KafkaMessage[]> {
  const messages: KafkaMessage[] = [];
  while (messages.length < count)
    messages.push(...(await reader.take({ maxBytes: 1e7, maxMessages: 1000, waitMs: 20_000 })));
  expect(messages).toHaveLength(count);
  return messages;
}

async function takeUntilItFails(reader: KafkaReader): Promise<never> {
  for (;;) await reader.take({ maxBytes: 1e6, maxMessages: 100, waitMs: 1000 });
}

/** Tries until it succeeds; the test's own limit ends it. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function bytes(said: string): Uint8Array {
  return new TextEncoder().encode(said);
}

function text(said: Uint8Array | null): string {
  return new TextDecoder().decode(said ?? new Uint8Array());
}
