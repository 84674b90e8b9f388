import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeAlerts, toJson, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createMemoryStore } from "@btsbot/decide";
import type { SourceBatch, SourceItem, Store } from "@btsbot/decide";
import { createKafkaSource, createSchemaRegistry } from "@btsbot/stream";
import type { KafkaSourceOptions, StreamNotice } from "@btsbot/stream";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { describeSource } from "../../../test/support/sourceConformance.js";
import { openBroker } from "./openBroker.js";
import type { OpenBroker } from "./openBroker.js";

function alertOf(number: number, programid = 1): Alert {
  return {
    objectId: `s${number % 3}`,
    candid: BigInt(number),
    candidate: { jd: 2460000.5 + number, fid: 1, programid },
  };
}

/** Its datum alone: what stands in a container behind the header, the counts and before the marker. */
function datumOf(alert: Alert): Uint8Array {
  const container = encodeAlerts([alert]);
  const sync = container.subarray(-16);
  const header = Buffer.from(container).indexOf(sync) + 16;
  const block = container.subarray(header, -16);
  // Count of records, and bytes: two numbers of a few bytes each, the last of them without a high bit.
  let at = 0;
  for (let numbers = 0; numbers < 2; at += 1) if (block[at] < 0x80) numbers += 1;
  return block.subarray(at);
}

function framed(id: number, datum: Uint8Array): Uint8Array {
  return Uint8Array.from([0, id >> 24, (id >> 16) & 255, (id >> 8) & 255, id & 255, ...datum]);
}

const UNREADABLE = new TextEncoder().encode("no packet");
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describeWithKafka("topics as a source", () => {
  let opened: OpenBroker;
  beforeAll(async () => {
    opened = await openBroker();
  });
  afterAll(() => opened.close());

  const makeSource = (topics: KafkaSourceOptions["topics"], more: Partial<KafkaSourceOptions> = {}) =>
    createKafkaSource({
      client: opened.client,
      topics,
      group: randomUUID(),
      store: createMemoryStore(),
      maxWaitMs: 20,
      ...more,
    });
  const readAll = async (
    topics: KafkaSourceOptions["topics"],
    more: Partial<KafkaSourceOptions> = {},
  ): Promise<SourceItem[]> => {
    const items: SourceItem[] = [];
    for await (const batch of makeSource(topics, { until: "end", ...more }).batches()) items.push(...batch.items);
    return items;
  };
  const nameOf = (item: SourceItem): string => ("alert" in item ? String(item.alert.candid) : item.error.code);

  describe("conformance", () => {
    let topic: string;
    beforeAll(async () => {
      topic = await opened.makeTopic();
      const good = [1, 2, 3, 4, 5, 6].map((n) => [`s${n}`, encodeAlerts([alertOf(n)])] as const);
      await opened.produce(topic, [...good, ["x", UNREADABLE]]);
    });
    describeSource("of topics", () => makeSource([topic], { until: "end", maxMessages: 3 }), 7);
  });

  it("reads containers, JSON, and gives what cannot be read with its bytes and its place", async () => {
    const topic = await opened.makeTopic();
    await opened.produce(topic, [
      ["a", encodeAlerts([alertOf(1), alertOf(2)])],
      ["a", encode(JSON.stringify(toJson(alertOf(3))))],
      ["a", UNREADABLE],
      ["a", encodeAlerts([alertOf(4)], { codec: "snappy" })],
    ]);
    const items = await readAll([topic]);
    expect(items.map(nameOf)).toEqual(["1", "2", "3", "input-unrecognized", "4"]);
    const failure = items[3];
    expect(failure).toMatchObject({ file: `${topic}/0`, index: 2 });
    expect("error" in failure && Buffer.from(failure.bytes!)).toEqual(Buffer.from(UNREADABLE));
  });

  it("takes alerts of the public programme alone, unless it is told otherwise", async () => {
    const topic = await opened.makeTopic();
    await opened.produce(
      topic,
      [1, 2, 3].map((programid) => ["a", encodeAlerts([alertOf(programid, programid)])]),
    );
    let withheld = 0;
    expect((await readAll([topic], { onWithheld: (count) => (withheld += count) })).map(nameOf)).toEqual(["1"]);
    expect(withheld).toBe(2);
    expect((await readAll([topic], { programs: [1, 2] })).map(nameOf)).toEqual(["1", "2"]);
  });

  it.each(["gzip", "snappy", "lz4", "zstd"])("reads batches that are packed with %s", async (type) => {
    const topic = `c-${type}`;
    const admin = new kafkajs.Kafka({ brokers: [opened.broker.address], logLevel: 0 }).admin();
    await admin.connect();
    // The broker packs what comes anew.
    const configEntries = [{ name: "compression.type", value: type }];
    await admin.createTopics({ topics: [{ topic, configEntries }], waitForLeaders: true });
    await admin.disconnect();
    await opened.produce(
      topic,
      Array.from({ length: 50 }, (_, n) => ["a", encodeAlerts([alertOf(n)])]),
    );
    expect((await readAll([topic])).map(nameOf)).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });

  describe("schemas", () => {
    let server: Server;
    const asked: string[] = [];
    let failures = 0;
    beforeAll(async () => {
      server = createServer((request, response) => {
        asked.push(request.url!);
        if ((failures -= 1) >= 0) response.writeHead(503).end();
        else if (request.url === "/schemas/ids/7") response.end(JSON.stringify({ schema: JSON.stringify(ZTF_SCHEMA) }));
        else response.writeHead(404).end("{}");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it("come from the registry, each asked for once; it is waited for, and an id that it does not know is a failure", async () => {
      const topic = await opened.makeTopic();
      const datum = datumOf(alertOf(5));
      await opened.produce(topic, [
        ["a", framed(7, datum)],
        ["a", framed(8, datum)],
        ["a", framed(7, datum)],
      ]);
      failures = 2;
      const notices: string[] = [];
      const registry = createSchemaRegistry({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
      const items = await readAll([topic], { registry, onNotice: ({ kind }) => notices.push(kind) });
      expect(items.map(nameOf)).toEqual(["5", "confluent-schema-unknown", "5"]);
      expect(asked.filter((url) => url === "/schemas/ids/7")).toHaveLength(3);
      expect(asked.filter((url) => url === "/schemas/ids/8")).toHaveLength(1);
      expect(notices).toEqual(["topics", "first", "unreachable", "unreachable", "reached"]);
    });

    it("of bare datums are given, or are their messages' keys", async () => {
      const topic = await opened.makeTopic();
      const datum = datumOf(alertOf(6));
      await opened.produce(topic, [
        [JSON.stringify(ZTF_SCHEMA), datum],
        ["no schema", datum],
      ]);
      expect((await readAll([topic], { datum: ZTF_SCHEMA })).map(nameOf)).toEqual(["6", "6"]);
      expect((await readAll([topic], { datum: "key" })).map(nameOf)).toEqual(["6", "avro-schema-invalid"]);
    });
  });

  describe("places", () => {
    const keep = async (store: Store, { cursors = [] }: SourceBatch): Promise<void> => {
      const unit = await store.begin();
      await unit.save({ cursors });
      await unit.commit();
    };
    const read = async (topic: string, store: Store, count: number, more: Partial<KafkaSourceOptions> = {}) => {
      const notices: StreamNotice[] = [];
      const names: string[] = [];
      const source = makeSource([topic], { store, until: "end", onNotice: (notice) => notices.push(notice), ...more });
      if (count > 0)
        for await (const batch of source.batches()) {
          names.push(...batch.items.map(nameOf));
          await keep(store, batch);
          if (names.length >= count) break;
        }
      return { names, notices: notices.filter(({ kind }) => kind !== "topics") };
    };
    const fill = (topic: string, from: number, to: number): Promise<void> =>
      opened.produce(
        topic,
        Array.from({ length: to - from }, (_, at) => ["a", encodeAlerts([alertOf(from + at)])]),
      );

    it("are the store's: a run goes on where the last one was kept, and says where the first begins", async () => {
      const topic = await opened.makeTopic();
      await fill(topic, 0, 6);
      const store = createMemoryStore();
      const first = await read(topic, store, 4, { maxMessages: 2 });
      expect(first.names).toEqual(["0", "1", "2", "3"]);
      expect(first.notices).toEqual([{ kind: "first", at: { topic, partition: 0, offset: 0n } }]);
      expect(await store.cursor(`kafka/${topic}/0`)).toBe("4");
      expect(await read(topic, store, 2)).toEqual({ names: ["4", "5"], notices: [] });
    });

    it("can begin at the end", async () => {
      const topic = await opened.makeTopic();
      await fill(topic, 0, 6);
      const { notices, names } = await read(topic, createMemoryStore(), 1, { from: "latest" });
      expect(names).toEqual([]);
      expect(notices).toMatchObject([{ kind: "first", at: { offset: 7n } }]);
    });

    it("that retention has taken away are told, and so is a topic that was made anew", async () => {
      const topic = await opened.makeTopic();
      await fill(topic, 0, 6);
      const store = createMemoryStore();
      await read(topic, store, 2, { maxMessages: 2 });
      const admin = new kafkajs.Kafka({ brokers: [opened.broker.address], logLevel: 0 }).admin();
      await admin.connect();
      // It looks only among topics that it was asked about before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "4" }] });
      await admin.disconnect();
      const after = await read(topic, store, 2);
      expect(after.names).toEqual(["4", "5"]);
      expect(after.notices).toEqual([{ kind: "gap", at: { topic, partition: 0, offset: 2n }, to: 4n }]);
      await keep(store, { items: [], cursors: [{ source: `kafka/${topic}/0`, value: "99" }] });
      const renewed = await read(topic, store, 2);
      expect(renewed.names).toEqual(["4", "5"]);
      expect(renewed.notices).toMatchObject([{ kind: "renewed", to: 4n }]);
    });
  });

  it("finds topics that are made while it runs, and stops when it is told to, while it waits", async () => {
    const prefix = `ztf_${randomUUID().slice(0, 8)}_`;
    const first = await opened.makeTopic(1, `${prefix}1`);
    await opened.makeTopic(1, `other_${prefix}1`);
    await opened.produce(first, [["a", encodeAlerts([alertOf(1)])]]);
    const stop = new AbortController();
    const names: string[] = [];
    const source = makeSource(new RegExp(`^${prefix}`), { refreshMs: 100 });
    for await (const { items } of source.batches({ signal: stop.signal })) {
      names.push(...items.map(nameOf));
      if (names.at(-1) === "1") {
        const second = await opened.makeTopic(1, `${prefix}2`);
        await opened.produce(second, [["a", encodeAlerts([alertOf(2)])]]);
      } else if (names.at(-1) === "2") setTimeout(() => stop.abort(), 50);
    }
    // The store of this test keeps no place: the first is read again with the second.
    expect(new Set(names)).toEqual(new Set(["1", "2"]));
  });

  it("waits for topics that are not there yet, and for a broker that is not", async () => {
    const topic = `late-${randomUUID()}`;
    const notices: string[] = [];
    let back: Promise<void> | undefined;
    const source = makeSource([topic], {
      refreshMs: 100,
      onNotice: ({ kind }) => {
        notices.push(kind);
        if (kind === "unreachable") back ??= opened.broker.restart().then(() => make());
      },
    });
    const make = async (): Promise<void> => {
      await opened.makeTopic(1, topic);
      await opened.produce(topic, [["a", encodeAlerts([alertOf(1)])]]);
    };
    const reading = source.batches()[Symbol.asyncIterator]();
    const next = reading.next();
    await opened.broker.kill();
    const { value } = (await next) as { value: SourceBatch };
    await back;
    expect(value.items.map(nameOf)).toEqual(["1"]);
    expect(notices).toContain("unreachable");
    await reading.return!();
  }, 120_000);
});
