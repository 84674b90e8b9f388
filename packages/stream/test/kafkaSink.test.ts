import { randomUUID } from "node:crypto";
import { BtsbotError } from "@btsbot/errors";
import type { JsonValue } from "@btsbot/policy";
import type { PendingEntry } from "@btsbot/decide";
import { createKafkaSink, encodeJson } from "@btsbot/stream";
import type { KafkaClient, KafkaSinkOptions } from "@btsbot/stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeSink } from "../../../test/support/sinkConformance.js";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { openBroker } from "./openBroker.js";
import type { OpenBroker } from "./openBroker.js";

function entryOf(number: number, body: JsonValue = { n: number }): PendingEntry {
  return { kind: "decision", key: `k${number}`, objectId: `s${number % 3}`, body, number, attempts: 0 };
}

describeWithKafka("entries to a topic", () => {
  let opened: OpenBroker;
  const sinks: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    opened = await openBroker();
  });
  afterAll(async () => {
    for (const each of sinks) await each.close();
    await opened.close();
  });

  const makeSink = (topic: string, outbox: string, more: Partial<KafkaSinkOptions> = {}) => {
    const sink = createKafkaSink({
      client: opened.client,
      kind: "decision",
      topic,
      outbox,
      encode: encodeJson,
      ...more,
    });
    sinks.push(sink);
    return sink;
  };
  const numbersIn = async (topic: string): Promise<number[]> =>
    (await opened.readAll(topic)).map(({ value }) => (JSON.parse(new TextDecoder().decode(value!)) as { n: number }).n);

  describeSink(
    "of a topic",
    async () => {
      const [topic, outbox] = [await opened.makeTopic(), randomUUID()];
      return {
        sink: makeSink(topic, outbox),
        read: async () => (await numbersIn(topic)).map((n) => `k${n}`),
        reopen: () => makeSink(topic, outbox),
      };
    },
    entryOf,
  );

  /** The broker's client, whose sender does its work and then fails, or fails before it. */
  const failing = (when: "before" | "after", times: number): KafkaClient => ({
    ...opened.client,
    async openSender(id) {
      const sender = await opened.client.openSender(id);
      return {
        ...sender,
        async send(transaction) {
          times -= 1;
          if (times >= 0 && when === "before") throw unreachable();
          await sender.send(transaction);
          if (times >= 0) throw unreachable();
        },
      };
    },
  });

  it.each(["before", "after"] as const)("sends once what fails %s its commit", async (when) => {
    const topic = await opened.makeTopic();
    const notices: string[] = [];
    const sink = makeSink(topic, randomUUID(), {
      client: failing(when, 2),
      onNotice: ({ kind }) => notices.push(kind),
    });
    const answers = [...(await sink.take([1, 2].map((n) => entryOf(n)))), ...(await sink.take([entryOf(3)]))];
    expect(answers.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(await numbersIn(topic)).toEqual([1, 2, 3]);
    expect(notices).toContain("unreachable");
    expect(notices).toContain("reached");
  });

  it("refuses what is too large, by its own bound and by the broker's, and sends the rest", async () => {
    const topic = await opened.makeTopic();
    const outbox = randomUUID();
    const large = entryOf(2, { n: 2, x: "x".repeat(5000) });
    const sink = makeSink(topic, outbox, { maxMessageBytes: 1000 });
    const entries = [entryOf(1), large, entryOf(3)];
    expect((await sink.take(entries)).map(({ state }) => state)).toEqual(["done", "refused", "done"]);
    // What was refused did not arrive, though its number lies below the last.
    expect([...(await makeSink(topic, outbox, { maxMessageBytes: 1000 }).recall!(entries))]).toEqual(["k1", "k3"]);
    const noise = Array.from({ length: 300_000 }, () => Math.random().toString(36).slice(2)).join("");
    const beyond = [entryOf(4), entryOf(5, { n: 5, noise }), entryOf(6), entryOf(7)];
    const answers = await makeSink(topic, outbox, { maxMessageBytes: 1e8 }).take(beyond);
    expect(answers.map(({ state }) => state)).toEqual(["done", "refused", "done", "done"]);
    expect(answers[1].reason).toContain("does not take");
    expect(await numbersIn(topic)).toEqual([1, 3, 4, 6, 7]);
  });

  it("fences the one before it", async () => {
    const topic = await opened.makeTopic();
    const outbox = randomUUID();
    const [first, second] = [makeSink(topic, outbox), makeSink(topic, outbox)];
    await first.take([entryOf(1)]);
    expect([...(await second.recall!([entryOf(1), entryOf(2)]))]).toEqual(["k1"]);
    await second.take([entryOf(2)]);
    // The first is told so, opens again, and finds that it is behind: two runs on one outbox do not double an entry.
    await first.take([entryOf(2)]);
    expect(await numbersIn(topic)).toEqual([1, 2]);
  });

  it("takes its turn with another process: what that one sent and did not answer for is not sent again", async () => {
    const topic = await opened.makeTopic();
    const outbox = randomUUID();
    const [first, second] = [makeSink(topic, outbox), makeSink(topic, outbox)];
    expect(await second.recall!([entryOf(1)])).toEqual(new Set());
    await first.take([entryOf(1), entryOf(2)]);
    // The first dies here; the second had looked before.
    const entries = [1, 2, 3, 4].map((n) => entryOf(n));
    expect(await second.recall!(entries)).toEqual(new Set(["k1", "k2"]));
    await second.take(entries.slice(2));
    // In turns, without a death.
    await first.take([entryOf(5)]);
    await second.take([entryOf(6)]);
    expect(await numbersIn(topic)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("sends nothing after what it could not send, once it is stopped", async () => {
    const topic = await opened.makeTopic();
    const outbox = randomUUID();
    const stop = new AbortController();
    const sink = makeSink(topic, outbox, { client: failing("before", 1), onNotice: () => stop.abort() });
    expect((await sink.take([entryOf(1)], stop.signal)).map(({ state }) => state)).toEqual(["again"]);
    // Its marker would say that the first had arrived.
    expect((await sink.take([entryOf(2)], stop.signal)).map(({ state }) => state)).toEqual(["again"]);
    expect(await numbersIn(topic)).toEqual([]);
    await makeSink(topic, outbox).take([entryOf(1), entryOf(2)]);
    expect(await numbersIn(topic)).toEqual([1, 2]);
  });

  it("ends where the store is an older copy, before it loses what that numbers anew", async () => {
    const topic = await opened.makeTopic();
    const outbox = randomUUID();
    await makeSink(topic, outbox).take([entryOf(9)]);
    await expect(makeSink(topic, outbox).take([entryOf(5)])).rejects.toMatchObject({ code: "outbox-behind" });
    expect(await numbersIn(topic)).toEqual([9]);
  });

  it("goes on when the broker is back", async () => {
    const topic = await opened.makeTopic();
    const sink = makeSink(topic, randomUUID(), {
      onNotice: ({ kind }) => void (kind === "unreachable" && (back ??= opened.broker.restart())),
    });
    let back: Promise<void> | undefined;
    await sink.take([entryOf(1)]);
    await opened.broker.kill();
    expect((await sink.take([entryOf(2)])).map(({ state }) => state)).toEqual(["done"]);
    await back;
    expect(await numbersIn(topic)).toEqual([1, 2]);
  }, 120_000);
});

function unreachable(): BtsbotError {
  return new BtsbotError("broker-unreachable", "cut by the test");
}
