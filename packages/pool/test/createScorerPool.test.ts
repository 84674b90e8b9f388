import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { encodeAlerts, ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createScorer, scoreAlert } from "@btsbot/core";
import type { AlertInput, ScoreOutcome } from "@btsbot/core";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createScorerPool } from "@btsbot/pool";
import type { PoolWorker } from "@btsbot/pool";
import { beforeAll, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { localWorkers } from "./localWorker.js";
import { makeAlert } from "./makeAlert.js";

let model: Model;
beforeAll(async () => {
  model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
  // The threads run what is built.
  setup(() => undefined);
});

async function collect(outcomes: AsyncIterable<ScoreOutcome>): Promise<ScoreOutcome[]> {
  const collected: ScoreOutcome[] = [];
  for await (const outcome of outcomes) collected.push(outcome);
  return collected;
}

/** What can be compared: place, score, code of the error. */
function summarize(outcomes: readonly ScoreOutcome[]): readonly unknown[] {
  return outcomes.map((outcome) =>
    outcome.success
      ? [
          outcome.input,
          outcome.index,
          outcome.data.candid,
          outcome.data.scores.mm.status === "scored" && outcome.data.scores.mm.score!.toFixed(4),
        ]
      : [outcome.input, outcome.index, outcome.error.code],
  );
}

const ALERTS = Array.from({ length: 40 }, (_, i) => makeAlert(i));

describe("threads of Node", () => {
  it("give what a scorer gives, in the order of the inputs", async () => {
    const inputs = [
      encodeAlerts(ALERTS.slice(0, 3)),
      new Uint8Array(0),
      ...ALERTS.slice(3, 12),
      encodeAlerts([ALERTS[12]]),
    ];
    const scorer = await createScorer({ models: [model] });
    const expected = await collect(scorer.scoreAlerts(inputs));
    scorer.dispose();
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 2 });
    const outcomes = await collect(pool.scoreAlerts(inputs));
    await pool.close();
    expect(outcomes).toEqual(expected);
  });

  it("are replaced when they die, and what they held is scored again", async () => {
    let started = 0;
    const spawn = (): PoolWorker => {
      const program = fileURLToPath(new URL("../dist/nodeWorker.js", import.meta.url));
      // The first one ends its process at its second message, which is its first batch.
      const dying = `let messages = 0;
        import(${JSON.stringify(program)}).then(() => {
          require("node:worker_threads").parentPort.on("message", () => { if (++messages === 2) process.exit(9); });
        });`;
      const worker = started++ === 0 ? new Worker(dying, { eval: true }) : new Worker(program);
      return {
        sharesMemory: true,
        post: (message) => worker.postMessage(message),
        listen: (onMessage, onDeath) =>
          worker.on("message", onMessage).on("exit", (code) => onDeath(`exit code ${code}`)),
        terminate: () => worker.terminate(),
      };
    };
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 4, spawn });
    const outcomes = await collect(pool.scoreAlerts(ALERTS));
    await pool.close();
    expect(outcomes.map((outcome) => outcome.success && outcome.data.candid)).toEqual(
      ALERTS.map(({ candid }) => candid),
    );
    expect(started).toBe(3);
  });
});

describe("workers that share memory", () => {
  type Start = {
    readonly kind: string;
    readonly options: {
      readonly seat?: {
        readonly index: number;
        readonly count: number;
        readonly shared?: ReadonlyMap<string, unknown>;
      };
    };
  };

  /** Workers that only record what they are sent, and answer when told to. */
  function recordWorkers(sharesMemory: boolean) {
    interface Recorded {
      readonly sent: Start[];
      answer(message: unknown): void;
      die(why: string): void;
      stop(): void;
      fail(error: Error): void;
    }
    const workers: Recorded[] = [];
    const spawn = (): PoolWorker => {
      const worker: Recorded = {
        sent: [],
        answer: () => undefined,
        die: () => undefined,
        stop: () => undefined,
        fail: () => undefined,
      };
      workers.push(worker);
      return {
        sharesMemory,
        post: (message) => worker.sent.push(message as Start),
        listen: (onMessage, onDeath) => Object.assign(worker, { answer: onMessage, die: onDeath }),
        terminate: () => new Promise<void>((stop, fail) => Object.assign(worker, { stop, fail })),
      };
    };
    return { workers, spawn };
  }
  const turns = () => new Promise((resolve) => setTimeout(resolve, 2));
  const seatsOf = (workers: readonly { readonly sent: readonly Start[] }[]) =>
    workers.map(({ sent }) => sent[0]?.options.seat);

  it("have a place each, and all but the first what the first prepared", async () => {
    const { workers, spawn } = recordWorkers(true);
    const starting = createScorerPool({ models: [model], workers: 3, spawn });
    await turns();
    expect(seatsOf(workers)).toEqual([{ index: 0, count: 3 }, undefined, undefined]);
    const shared = new Map([["mm", "memory"]]);
    workers[0].answer({ kind: "ready", shared });
    await turns();
    expect(seatsOf(workers)).toEqual([
      { index: 0, count: 3 },
      { index: 1, count: 3, shared },
      { index: 2, count: 3, shared },
    ]);
    for (const { answer } of workers.slice(1)) answer({ kind: "ready", shared: new Map() });
    const pool = await starting;
    // Its place is not given away before it has stopped.
    workers[1].die("told to");
    await turns();
    expect(seatsOf(workers.slice(3))).toEqual([undefined]);
    workers[1].stop();
    await turns();
    expect(seatsOf(workers.slice(3))).toEqual([{ index: 1, count: 3, shared }]);
    const closing = pool.close();
    for (const { stop } of workers) stop();
    await closing;
  });

  it("are all ended where the first cannot start", async () => {
    const { workers, spawn } = recordWorkers(true);
    const starting = createScorerPool({ models: [model], workers: 2, spawn });
    starting.catch(() => undefined);
    await turns();
    workers[0].answer({ kind: "failed", error: { message: "no memory" } });
    await turns();
    for (const { stop } of workers) stop();
    await expect(starting).rejects.toThrow("no memory");
    expect(seatsOf(workers)).toEqual([{ index: 0, count: 2 }, undefined]);
  });

  it("cannot be started with what cannot be sent, and say so", async () => {
    const models = [{ ...model, note: () => undefined }];
    await expect(createScorerPool({ models, workers: 2 } as never)).rejects.toThrow("could not be cloned");
  });

  it("are sent alerts where they cannot be told how to read packets", async () => {
    const [alert] = ALERTS;
    const datum = encodeAlerts([alert]);
    // The record of a container without codec: behind the marker, the count 1 and the length of the block.
    const sync = datum.subarray(-16);
    const head = datum.findIndex((_, at) => sync.every((byte, i) => datum[at + i] === byte)) + 16;
    let start = head + 1;
    while (datum[start] >= 0x80) start += 1;
    const message = Uint8Array.of(0, 0, 0, 0, 9, ...datum.subarray(start + 1, -16));
    const asked: number[] = [];
    const read = { schemas: (id: number) => (asked.push(id), ZTF_SCHEMA) };
    const pool = await createScorerPool({ models: [model], workers: 1, read });
    const outcomes = await collect(pool.scoreAlerts([message, message]));
    await pool.close();
    expect(asked).toEqual([9, 9]);
    expect(outcomes.map((outcome) => outcome.success && outcome.data.candid)).toEqual([alert.candid, alert.candid]);
  });

  it("are not started after the pool was closed, nor where it is not known that the one before has stopped", async () => {
    const { workers, spawn } = recordWorkers(true);
    const start = async () => {
      const starting = createScorerPool({ models: [model], workers: 1, spawn });
      await turns();
      workers.at(-1)!.answer({ kind: "ready", shared: new Map() });
      return starting;
    };
    const closed = await start();
    workers[0].die("told to");
    const closing = closed.close();
    await turns();
    workers[1].stop();
    await closing;
    workers[0].stop();
    await turns();
    expect(workers[1].sent).toEqual([]);
    const broken = await start();
    workers[2].die("told to");
    workers[2].fail(new Error("it will not stop"));
    await turns();
    expect(workers[3].sent).toEqual([]);
    await expect(collect(broken.scoreAlerts([ALERTS[0]]))).rejects.toThrow("it will not stop");
    await broken.close();
  });

  it("are those alone that say so", async () => {
    const { workers, spawn } = recordWorkers(false);
    const starting = createScorerPool({ models: [model], workers: 2, spawn });
    await turns();
    expect(workers.map(({ sent }) => [sent.length, sent[0].options.seat])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
    for (const { answer } of workers) answer({ kind: "ready", shared: new Map() });
    const closing = (await starting).close();
    for (const { stop } of workers) stop();
    await closing;
  });
});

describe("inputs", () => {
  it("may be used again by the caller once they are given, and alerts are read when asked for", async () => {
    const { spawn } = localWorkers();
    const pool = await createScorerPool({ models: [model], workers: 1, batchSize: 2, spawn });
    const packets = ALERTS.slice(0, 4).map((alert) => encodeAlerts([alert]));
    const buffer = new Uint8Array(Math.max(...packets.map(({ length }) => length)));
    const reuse = function* (): Generator<Uint8Array> {
      for (const packet of packets) {
        buffer.set(packet);
        yield buffer.subarray(0, packet.length);
      }
    };
    const outcomes = await collect(pool.scoreAlerts(reuse()));
    await pool.close();
    const alerts = outcomes.map((outcome) => (outcome.success ? outcome.alert : undefined));
    expect(alerts.map((alert) => alert?.candid)).toEqual(ALERTS.slice(0, 4).map(({ candid }) => candid));
    expect(outcomes[0].success && outcomes[0].alert).toBe(alerts[0]);
  });

  it("may be in whatever holds bytes; a file that is gone is its own error", async () => {
    const { spawn } = localWorkers();
    const bytes = new Uint8Array(encodeAlerts(ALERTS.slice(0, 1)));
    const gone = new Blob([bytes]);
    gone.arrayBuffer = () => Promise.reject(new DOMException("not found", "NotFoundError"));
    const inputs = [
      bytes,
      Buffer.from(bytes),
      new DataView(bytes.buffer),
      bytes.slice().buffer,
      new Blob([bytes]),
      gone,
    ];
    const pool = await createScorerPool({ models: model, workers: 1, spawn });
    const outcomes = await collect(pool.scoreAlerts(inputs));
    await pool.close();
    expect(summarize(outcomes)).toEqual([
      ...[0, 1, 2, 3, 4].map((input) => [input, 0, ALERTS[0].candid, "0.0000"]),
      [5, 0, "file-unreadable"],
    ]);
    expect(outcomes.slice(0, 5).map((outcome) => outcome.success && outcome.alert.candid)).toEqual(
      Array.from({ length: 5 }, () => ALERTS[0].candid),
    );
  });

  it("of a large file are spread, and counted as one input", async () => {
    const { spawn } = localWorkers();
    const file = encodeAlerts(ALERTS);
    expect(file.length).toBeGreaterThan(1 << 20);
    const pool = await createScorerPool({ models: [model], workers: 3, batchSize: 4, spawn });
    const outcomes = await collect(pool.scoreAlerts([ALERTS[7], file, ALERTS[5]]));
    await pool.close();
    expect(summarize(outcomes)).toEqual([
      [0, 0, ALERTS[7].candid, "0.0700"],
      ...ALERTS.map(({ candid }, i) => [1, i, candid, (i / 100).toFixed(4)]),
      [2, 0, ALERTS[5].candid, "0.0500"],
    ]);
  });

  it("of a large file that ends early give their error in its place", async () => {
    const { spawn } = localWorkers();
    const file = encodeAlerts(ALERTS);
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 8, spawn });
    const outcomes = await collect(pool.scoreAlerts([file.subarray(0, file.length - 9), ALERTS[5]]));
    await pool.close();
    expect(outcomes.at(-2)).toMatchObject({
      success: false,
      input: 0,
      error: { name: "BtsbotError", code: "avro-truncated" },
    });
    expect(outcomes.at(-1)).toMatchObject({ success: true, input: 1 });
  });

  it("are taken no faster than they are scored", async () => {
    const { spawn } = localWorkers();
    let taken = 0;
    function* inputs(): Generator<Alert> {
      for (let i = 0; i < 200; i++) {
        taken += 1;
        yield ALERTS[i % ALERTS.length];
      }
    }
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 3, spawn });
    let given = 0;
    for await (const { input } of pool.scoreAlerts(inputs())) {
      given = input + 1;
      // Two batches with each of two workers, the one that is given now, and the one that is read ahead.
      expect(taken - given).toBeLessThanOrEqual(3 * (2 * 2 + 2));
    }
    await pool.close();
    expect(given).toBe(200);
  });

  it("that come slowly do not hold back what is scored", async () => {
    const { spawn } = localWorkers();
    let release: () => void = () => undefined;
    async function* inputs(): AsyncGenerator<AlertInput> {
      yield ALERTS[1];
      await new Promise<void>((resolve) => (release = resolve));
      yield ALERTS[2];
    }
    const pool = await createScorerPool({ models: [model], workers: 1, batchSize: 1, spawn });
    const outcomes = pool.scoreAlerts(inputs());
    expect((await outcomes.next()).value).toMatchObject({ input: 0 });
    release();
    expect((await outcomes.next()).value).toMatchObject({ input: 1 });
    await pool.close();
  });

  it("that fail to come end the scoring, after what came before", async () => {
    const { spawn } = localWorkers();
    async function* inputs(): AsyncGenerator<AlertInput> {
      yield ALERTS[1];
      throw new TypeError("the stream broke");
    }
    const pool = await createScorerPool({ models: [model], workers: 1, batchSize: 1, spawn });
    const outcomes = pool.scoreAlerts(inputs());
    expect((await outcomes.next()).value).toMatchObject({ success: true });
    await expect(outcomes.next()).rejects.toThrow("the stream broke");
    await pool.close();
  });

  it("may end badly when they are left", async () => {
    const { spawn } = localWorkers();
    async function* inputs(): AsyncGenerator<AlertInput> {
      try {
        for (const alert of ALERTS) yield alert;
      } finally {
        await Promise.reject(new TypeError("the stream cannot be closed"));
      }
    }
    const pool = await createScorerPool({ models: [model], workers: 1, batchSize: 1, spawn });
    for await (const outcome of pool.scoreAlerts(inputs())) if (outcome.success) break;
    await pool.close();
  });

  it("that are views of a large buffer are sent without it", async () => {
    const sent: number[] = [];
    const { spawn } = localWorkers((inputs) => {
      sent.push(...inputs.map((input) => (input as Uint8Array).buffer.byteLength));
      return "lives";
    });
    const bytes = encodeAlerts([ALERTS[3]]);
    const large = new Uint8Array(1 << 24);
    large.set(bytes, 77);
    const pool = await createScorerPool({ models: [model], workers: 1, spawn });
    const outcomes = await collect(pool.scoreAlerts([large.subarray(77, 77 + bytes.length)]));
    await pool.close();
    expect(summarize(outcomes)).toEqual([[0, 0, ALERTS[3].candid, "0.0300"]]);
    expect(sent).toEqual([bytes.length]);
  });

  it("that cannot be sent give an error, and the others of their batch are scored", async () => {
    const { spawn } = localWorkers();
    const unsendable = { ...ALERTS[2], extra: { call: () => undefined } };
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 3, spawn });
    const outcomes = await collect(pool.scoreAlerts([ALERTS[1], unsendable, ALERTS[3]]));
    await pool.close();
    expect(summarize(outcomes)).toEqual([
      [0, 0, ALERTS[1].candid, "0.0100"],
      [1, 0, "input-invalid"],
      [2, 0, ALERTS[3].candid, "0.0300"],
    ]);
  });

  it("may be left when enough was seen", async () => {
    const { spawn, count } = localWorkers();
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 2, spawn });
    for await (const outcome of pool.scoreAlerts(ALERTS)) if (outcome.input === 3) break;
    expect(await collect(pool.scoreAlerts(ALERTS.slice(0, 5)))).toHaveLength(5);
    await pool.close();
    expect(count).toEqual({ started: 2, ended: 2 });
  });
});

describe("workers that die", () => {
  it("of one input lose that input alone, and the others are scored", async () => {
    const { spawn, count } = localWorkers((inputs) =>
      inputs.some((input) => (input as Alert).candidate.nmtchps === 13) ? "dies" : "lives",
    );
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 8, spawn });
    const outcomes = await collect(pool.scoreAlerts(ALERTS));
    await pool.close();
    const expected = ALERTS.map(({ candid }, i) =>
      i === 13 ? [13, 0, "worker-died"] : [i, 0, candid, (i / 100).toFixed(4)],
    );
    expect(summarize(outcomes)).toEqual(expected);
    expect(outcomes[13]).toMatchObject({ error: { got: "told to" } });
    expect(count.ended).toBe(count.started);
  });

  it("by chance lose nothing", async () => {
    let message = 0;
    const { spawn } = localWorkers(() => (++message % 5 === 0 ? "dies" : "lives"));
    const pool = await createScorerPool({ models: [model], workers: 3, batchSize: 2, spawn });
    const outcomes = await collect(pool.scoreAlerts(ALERTS));
    await pool.close();
    expect(outcomes.map(({ success }) => success)).not.toContain(false);
    expect(outcomes.map(({ input }) => input)).toEqual(ALERTS.map((_, i) => i));
  });

  it("of everything end the scoring", async () => {
    const { spawn } = localWorkers(() => "dies");
    const pool = await createScorerPool({ models: [model], workers: 2, batchSize: 40, spawn });
    const many = Array.from({ length: 120 }, () => ALERTS[0]);
    await expect(collect(pool.scoreAlerts(many))).rejects.toMatchObject({ code: "worker-died" });
    await pool.close();
  });

  it("before they are ready say why", async () => {
    const spawn = (): PoolWorker => ({
      post: () => undefined,
      listen: (_, onDeath) => queueMicrotask(() => onDeath("no such file")),
      terminate: () => undefined,
    });
    await expect(createScorerPool({ models: [model], workers: 1, spawn })).rejects.toMatchObject({
      code: "worker-died",
      got: "no such file",
    });
  });
});

describe("createScorerPool", () => {
  it("throws what a scorer throws", async () => {
    const { spawn, count } = localWorkers();
    await expect(createScorerPool({ models: [], workers: 2, spawn })).rejects.toMatchObject({
      name: "BtsbotError",
      code: "model-unnamed",
    });
    await expect(createScorerPool({ models: ["mm"], workers: 2, spawn })).rejects.toMatchObject({
      code: "model-unnamed",
    });
    await expect(createScorerPool({ models: [model], workers: 0, spawn })).rejects.toThrow(RangeError);
    await expect(createScorerPool({ models: [model], workers: 1, batchSize: 0, spawn })).rejects.toThrow(RangeError);
    await expect(createScorerPool({ model, spawn } as object)).rejects.toThrow("Did you mean `models`?");
    await expect(createScorerPool({ realBogus: () => 1, spawn } as object)).rejects.toThrow(
      "a function cannot be sent",
    );
    expect(count.ended).toBeGreaterThanOrEqual(count.started);
  });

  it("scores as a scorer where nothing is said of models: the workers have the one that ships", async () => {
    const pool = await createScorerPool({ workers: 1 });
    const [outcome] = await collect(pool.scoreAlerts([ALERTS[0]]));
    await pool.close();
    expect(outcome.success && outcome.data).toEqual(await scoreAlert(ALERTS[0]));
  });

  it("loads a named model once, for all workers", async () => {
    const { spawn } = localWorkers();
    const loaded: string[] = [];
    const store = { load: async (name: string) => (loaded.push(name), model), names: async () => ["mm"] };
    const pool = await createScorerPool({ models: "all", store, workers: 3, spawn });
    expect(summarize(await collect(pool.scoreAlerts(ALERTS.slice(0, 1))))).toEqual([
      [0, 0, ALERTS[0].candid, "0.0000"],
    ]);
    await pool.close();
    expect(loaded).toEqual(["mm"]);
  });

  it("closes once what is being scored is done, and cannot be used after", async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const { spawn } = localWorkers(undefined, () => {
      begin();
      return new Promise((resolve) => setTimeout(resolve, 5));
    });
    const pool = await createScorerPool({ models: [model], workers: 1, batchSize: 1, spawn });
    const outcomes = pool.scoreAlerts(ALERTS);
    const first = outcomes.next();
    await begun;
    const [{ value }] = await Promise.all([first, pool.close(), pool.close()]);
    expect(value).toMatchObject({ success: true });
    await expect(collect(outcomes)).rejects.toMatchObject({ code: "scorer-disposed" });
    await expect(pool.scoreAlerts([]).next()).rejects.toMatchObject({ code: "scorer-disposed" });
  });
});
