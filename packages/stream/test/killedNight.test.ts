import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { createRandom, shuffle } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import type { ExportedRow } from "@btsbot/store";
import avro from "avsc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { root } from "../../../test/support/packages.js";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { nightProgram, SEAMS } from "./nightProgram.js";
import type { NightSettings } from "./nightProgram.js";
import { openBroker } from "./openBroker.js";
import type { OpenBroker } from "./openBroker.js";

const POINTS = SEAMS.flatMap((seam) => [`before ${seam}`, `after ${seam}`]);
/** Deaths at each point, and random ones in a night: all of them in CI. */
const AT_POINT = process.env.CI ? 5 : 2;
const AT_RANDOM = process.env.CI ? 30 : 8;
const ALERTS = 240;
const SOURCES = 24;

/** A night of alerts: by source in four partitions, a tenth of them twice, none in order, and two that are none. */
function makeNight(): (readonly [string, Uint8Array])[] {
  const random = createRandom(7);
  const alerts = Array.from({ length: ALERTS }, (_, i) => {
    const objectId = `s${i % SOURCES}`;
    const candidate = { jd: 2460000.75 + Math.floor(i / SOURCES), fid: 1, magpsf: 18 + (i % 3) / 10, programid: 1 };
    return [objectId, encodeAlerts([{ objectId, candid: 9007199254740993n + BigInt(i), candidate }])] as const;
  });
  const bad = [1, 2].map((n) => [`s${n}`, new TextEncoder().encode(`no packet ${n}`)] as const);
  return shuffle([...alerts, ...alerts.filter(() => random() < 0.1), ...bad], random);
}

/** What readers and the store have in the end. */
interface Outcome {
  readonly alerts: readonly string[];
  readonly decisions: readonly string[];
  /** When each rule was completed, by the last decision that says so. */
  readonly moments: readonly string[];
  readonly failures: readonly string[];
  readonly outbox: readonly string[];
}

describeWithKafka("a night of which any process may be killed", () => {
  let opened: OpenBroker;
  let topic: string;
  let base: string;
  let whole: Outcome;
  beforeAll(async () => {
    setup(() => undefined);
    base = await mkdtemp(join(tmpdir(), "btsbot-night-"));
    opened = await openBroker();
    topic = await opened.makeTopic(4);
    await opened.produce(topic, makeNight());
    whole = await runNight(async (start) => expect(await ended(start({}))).toBe(0));
  });
  afterAll(async () => {
    await opened.close();
    await rm(base, { recursive: true });
  });

  /** A night in topics and a store of its own. */
  const runNight = async (
    play: (start: (more: Partial<NightSettings>) => ChildProcess) => Promise<void>,
  ): Promise<Outcome> => {
    const name = randomUUID();
    const out = { alert: `${name}-a`, decision: `${name}-d`, failure: `${name}-f` };
    for (const each of Object.values(out)) await opened.makeTopic(2, each);
    const common = { broker: opened.broker.address, topic, out, folder: join(base, name), group: name, outbox: name };
    await play((more) =>
      spawn(process.execPath, ["--input-type=module", "-e", nightProgram({ ...common, ...more }, root)], {
        cwd: import.meta.dirname,
        stdio: ["ignore", "inherit", "inherit"],
      }),
    );
    return readOutcome(opened, out, common.folder);
  };

  it("is whole where nothing dies: every alert once, every decision, what cannot be read", () => {
    expect(whole.alerts).toHaveLength(ALERTS);
    expect(whole.failures).toHaveLength(2);
    expect(new Set(whole.decisions).size).toBeGreaterThan(20);
    expect(whole.outbox.filter((line) => !line.endsWith(" done"))).toEqual([]);
  });

  it.each(POINTS)(`is the same after ${AT_POINT} deaths %s`, async (point) => {
    const night = await runNight(async (start) => {
      for (let times = 1; times <= AT_POINT; times += 1) {
        const status = await ended(start({ point, times: Math.min(times, 2) }));
        // What comes seldom is not always come to again.
        expect(["SIGKILL", 0]).toContain(status);
        if (times === 1) expect(status).toBe("SIGKILL");
      }
      expect(await ended(start({}))).toBe(0);
    });
    expect(night).toEqual(whole);
  });

  it.each([1])(`is the same after ${AT_RANDOM} deaths at random moments (seed %i)`, async (seed) => {
    const random = createRandom(seed);
    const night = await runNight(async (start) => {
      for (let kills = 0; kills < AT_RANDOM; kills += 1) {
        const child = start({});
        // From the first instruction to the end of a night that goes undisturbed.
        const timer = setTimeout(() => child.kill("SIGKILL"), 200 + 1800 * random());
        expect(["SIGKILL", 0]).toContain(await ended(child));
        clearTimeout(timer);
      }
      expect(await ended(start({}))).toBe(0);
    });
    expect(night).toEqual(whole);
  });

  describe("its enriched alerts", () => {
    it("are Avro by the schema that is published", () => {
      expect(JSON.parse(whole.alerts[0])).toMatchObject({ model: "stub", filter: null, programid: 1 });
    });
  });
});

/** The signal that ended it, or its status. */
function ended(child: ChildProcess): Promise<NodeJS.Signals | number> {
  return new Promise((resolve) => child.once("exit", (status, signal) => resolve(signal ?? status!)));
}

async function readOutcome(opened: OpenBroker, out: NightSettings["out"], folder: string): Promise<Outcome> {
  const { ENRICHED_SCHEMA } = await import("@btsbot/stream");
  const long = avro.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => value,
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === "bigint",
    compare: () => 0,
  });
  const type = avro.Type.forSchema(ENRICHED_SCHEMA as avro.Schema, { registry: { long }, wrapUnions: false });
  const values = async (topic: string): Promise<Buffer[]> =>
    (await opened.readAll(topic)).map(({ value }) => Buffer.from(value!));
  const lines = (await values(out.decision)).map(
    (value) => JSON.parse(value.toString()) as { key: string; candid: string; revised?: true },
  );
  const store = await openStore(folder, { access: "watch" });
  const rows: ExportedRow[] = [];
  for await (const row of store.export("outbox")) rows.push(row);
  await store.close();
  return {
    alerts: (await values(out.alert))
      .map((value) =>
        JSON.stringify(type.fromBuffer(value), (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)),
      )
      .sort(),
    decisions: lines
      .filter(({ revised }) => revised !== true)
      .map(({ key }) => key)
      .sort(),
    moments: [...new Map(lines.map(({ key, candid }) => [key, `${key} ${candid}`])).values()].sort(),
    failures: (await values(out.failure)).map(String).sort(),
    // That a decision moved is said or not by how alerts fall into batches; where it came to is the same.
    outbox: rows
      .filter(({ body }) => (body as { revised?: true }).revised !== true)
      .map(({ kind, key, state }) => `${String(kind)} ${String(key)} ${String(state)}`)
      .sort(),
  };
}
