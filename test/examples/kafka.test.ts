import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { schemaOf } from "@btsbot/alert";
import { createScorer, toJsonResult } from "@btsbot/core";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { Engine, Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consume, createHandler } from "../../examples/kafka/consumer.mjs";
import { makePackets } from "../../examples/makePackets.js";
import { avscType, readWithAvsc } from "../../packages/alert/test/support/avscOracle.js";
import { setup } from "../setup.js";
import { makeCache, UNTRAINED } from "./makeCache.js";
import { near } from "./near.js";
import { runProgram } from "./runProgram.js";

const SCHEMA_ID = 0x01020304;

interface Result {
  readonly objectId?: string;
  readonly candid?: string;
  readonly scores?: Readonly<Record<string, { readonly status: string }>>;
  readonly error?: { readonly code: string };
}

const containers = makePackets().map(({ bytes }) => bytes);
const schema = schemaOf(containers[0]);
const ids = ["galaxsn", "edgeccd", "varstar", "nucleus", "minorpl", "dipoles", "drbless", "damaged"].map(
  (name) => `ZTF99${name}`,
);

let framed: Uint8Array[];
let model: Model;

beforeAll(async () => {
  framed = await Promise.all(containers.map(frame));
  const definition = mmCnn(UNTRAINED, "0");
  model = await createModel(definition, initializeWeights(definition, 1));
});

/** A message as a producer with a schema registry writes it: our encoder is not asked. */
async function frame(container: Uint8Array): Promise<Uint8Array> {
  const [record] = await readWithAvsc(container);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(SCHEMA_ID, 1);
  return new Uint8Array(Buffer.concat([head, avscType(JSON.parse(schema)).toBuffer(record)]));
}

/** An engine that notes how many alerts each run of the network has. */
function watch(batches: number[]): Engine {
  const engine = createSimdEngine();
  return {
    ...engine,
    prepare: async (given) => {
      const prepared = await engine.prepare(given);
      return { ...prepared, predict: (batch, count) => (batches.push(count), prepared.predict(batch, count)) };
    },
  };
}

describe("examples/kafka/consumer.mjs", () => {
  it("scores framed messages in batches, in order, as a scorer does", async () => {
    const batches: number[] = [];
    const published: Result[] = [];
    const publish = (_: unknown, results: Result[]): unknown => published.push(...results);
    const schemas = new Map([[SCHEMA_ID, schema]]);
    const { handle, close } = await createHandler({
      models: [model],
      engine: watch(batches),
      schemas,
      publish,
      batchSize: 4,
    });
    await consume(stream(framed), handle);
    await close();
    expect(published.map(({ objectId }) => objectId)).toEqual(ids);
    // Two of the second four cannot be scored.
    expect(batches).toEqual([4, 2]);

    const scorer = await createScorer({
      models: [model],
      gunzip: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes }),
    });
    for (const [place, bytes] of containers.entries()) {
      const { candid, scores } = toJsonResult(await scorer.scoreAlert(bytes));
      expect(published[place].candid).toBe(candid);
      expect(published[place].scores?.[UNTRAINED]).toEqual(near(scores[UNTRAINED]));
    }
    scorer.dispose();
  });

  it("reads containers, answers for a bad message and one without a value, and goes on", async () => {
    const published: [unknown, string | undefined][] = [];
    const publish = (message: unknown, results: Result[]): void => {
      for (const { objectId, error } of results) published.push([message, objectId ?? error?.code]);
    };
    const { handle, close } = await createHandler({ models: [model], publish });
    const messages = [containers[0], Uint8Array.of(1, 2, 3), null, framed[1], containers[2]];
    await consume(messages, handle);
    await close();
    expect(published).toEqual([
      [containers[0], ids[0]],
      [messages[1], "input-unrecognized"],
      [null, "input-empty"],
      [framed[1], "confluent-schema-unknown"],
      [containers[2], ids[2]],
    ]);
  });

  it("does not wait for a batch that does not fill", async () => {
    let count = 0;
    const { handle, close } = await createHandler({
      models: [model],
      publish: () => (count += 1),
      batchSize: 1000,
      lingerMs: 5,
    });
    await handle(containers[0]);
    expect(count).toBe(1);
    await close();
  });

  it("reads no further than its limit ahead of a slow publisher", async () => {
    let [read, published, ahead] = [0, 0, 0];
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; read < 40; read += 1) {
        ahead = Math.max(ahead, read + 1 - published);
        yield containers[read % 2];
      }
    }
    const publish = async (): Promise<void> => {
      await sleep(2);
      published += 1;
    };
    const { handle, close } = await createHandler({ models: [model], publish, batchSize: 4 });
    await consume(endless(), handle, 8);
    await close();
    expect(published).toBe(40);
    // The one that is read while the limit's last is let go.
    expect(ahead).toBeLessThanOrEqual(8 + 1);
    expect(ahead).toBeGreaterThan(4);
  });

  it("fails where publishing does, without a word of what was not published", async () => {
    const seen: unknown[] = [];
    const publish = (message: unknown): void => {
      if (seen.length === 2) throw new Error("the broker is gone");
      seen.push(message);
    };
    const { handle, close } = await createHandler({ models: [model], publish, batchSize: 2 });
    const handled = await Promise.allSettled(containers.slice(0, 4).map(handle));
    expect(handled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    await expect(consume(stream(containers), handle)).rejects.toThrow("the broker is gone");
    await close();
  });
});

describe("examples/kafka/run.mjs", () => {
  let cache: string;

  beforeAll(async () => {
    cache = mkdtempSync(join(tmpdir(), "btsbot-examples-"));
    setup(() => undefined);
    await makeCache(cache);
  });

  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it("prints what a producer would send on", async () => {
    const { status, stdout, stderr } = await runProgram(["examples/kafka/run.mjs", UNTRAINED], cache);
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Result);
    expect(lines.map(({ objectId }) => objectId)).toEqual(ids);
  });
});

async function* stream(messages: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const message of messages) {
    await sleep(0);
    yield message;
  }
}
