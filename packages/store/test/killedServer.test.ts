import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import type { SqlStore } from "@btsbot/store";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { root } from "../../../test/support/packages.js";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { makeChange } from "./makeChange.js";
import { killHard, runChild } from "./runChild.js";

const READERS = 3;
const BATCHES = 20;
/** Of each. */
const KILLS = 10;

/** One of several that read a part each, about the same sources; it says each of its commits. */
function programOf(url: string, said: string, reader: number): string {
  const of = (name: string): string => JSON.stringify(`${root}packages/${name}/dist/index.js`);
  return `
    import { appendFileSync, existsSync, readFileSync, writeSync } from "node:fs";
    const { openStore } = await import(${of("store")});
    const { createDecider, runDecisions } = await import(${of("decide")});
    const { getPolicy } = await import(${of("policy")});
    const reader = ${reader};
    const source = {
      name: "part/" + reader,
      async *batches({ after = "0" } = {}) {
        for (let place = Number(after); place < ${BATCHES}; place += 1)
          yield {
            items: Array.from({ length: 4 }, (_, index) => ({ file: "f", index, alert: {
              objectId: "s" + ((index + place + reader) % 6),
              candid: BigInt(place * 100 + index * 10 + reader),
              candidate: { jd: 2460000.75 + place, fid: 1, magpsf: 18 },
            } })),
            cursor: String(place + 1),
          };
      },
    };
    const judge = async (all) => all.map((each) => ({ ...each, result: { status: "scored", score: 0.99, flags: [], provenance: {} } }));
    const file = ${JSON.stringify(said)};
    const lines = () => (existsSync(file) ? readFileSync(file, "utf8").split("\\n").slice(0, -1) : []);
    const sink = {
      kind: "decision",
      recall: async () => new Set(lines()),
      take: async (entries) => entries.map(({ key }) => (appendFileSync(file, key + "\\n"), { state: "done" })),
    };
    const real = await openStore(${JSON.stringify(url)});
    const tell = (of) => async (...given) => (writeSync(1, "."), await of(...given));
    const store = {
      ...real,
      answer: tell(real.answer),
      async begin(options) {
        const unit = await real.begin(options);
        return { ...unit, load: tell(unit.load), save: tell(unit.save), commit: tell(unit.commit) };
      },
    };
    const policies = ["gt1", "gt2"].map((name) => getPolicy(name));
    await runDecisions({ source, judge, decider: createDecider({ policies }), store, sinks: [sink], clock: () => 2460010 });
    await real.close();
  `;
}

/** Runs it until it has come to so many points, and kills it there; whether it came to its end before. */
function runReader(program: string, points: number): Promise<boolean> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let seen = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.length;
    if (seen >= points) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code, signal) => {
      if (signal === "SIGKILL" || code === 0) resolve(code === 0);
      else reject(new Error(`a reader ended with ${code}`));
    });
  });
}

describeWithPostgres("what dies", () => {
  let server: PostgresServer;
  let url: string;
  let store: SqlStore | undefined;
  beforeAll(async () => {
    // Other processes run what is built.
    setup(() => undefined);
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    url = await server.newSchema();
  });
  afterEach(async () => {
    await store?.close();
    store = undefined;
  });

  it("lets go of its sources at once, where it is a process in a transaction", async () => {
    const begun = `const unit = await store.begin();
      await unit.load(["a", "b"]);
      await unit.save({ states: new Map([["a", { policies: {} }]]), cursor: { source: "night", value: "lost" } });
      await store.lease("decision");`;
    const child = await runChild(url, begun);
    store = await openStore(url, { waitMs: 50 });
    const held = await store.begin();
    await expect(held.load(["a"])).rejects.toMatchObject({ code: "store-busy" });
    await held.rollback();
    await killHard(child);
    await store.close();
    store = await openStore(url, { waitMs: 5000 });
    const unit = await store.begin();
    expect((await unit.load(["a", "b"])).size).toBe(0);
    await unit.save({ states: new Map([["a", { policies: {} }]]) });
    await unit.commit();
    expect(await store.cursor("night")).toBeUndefined();
    // Whatever it may have handed over is in doubt, once.
    const lease = await store.lease!("decision");
    expect(lease.inDoubt).toBe(true);
    await lease.release();
    await lease.release();
    const again = await store.lease!("decision");
    expect(again.inDoubt).toBe(false);
    await again.release(true);
    expect((await store.lease!("decision")).inDoubt).toBe(true);
  });

  it("has others wait for a lease, and stops waiting when told to", async () => {
    store = await openStore(url);
    const first = await store.lease!("alert");
    const controller = new AbortController();
    const given = store.lease!("alert", controller.signal);
    (await store.lease!("failure")).release();
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    const next = store.lease!("alert");
    await first.release();
    await (await next).release();
    await expect(store.lease!("alert", controller.signal)).rejects.toThrow("enough");
  });

  it("is the server: what was committed is there, a unit in hand is lost and says so, and the store goes on", async () => {
    store = await openStore(url);
    const first = await store.begin();
    await first.save(makeChange(["a"], 1));
    await first.commit();
    const lease = await store.lease!("decision");
    const cut = await store.begin();
    await cut.save(makeChange(["a", "b"], 2));
    await server.kill();
    await expect(cut.commit()).rejects.toMatchObject({ code: "store-unreachable" });
    await cut.rollback();
    await expect(store.cursor("made")).rejects.toMatchObject({ code: "store-unreachable" });
    await expect(openStore(url)).rejects.toMatchObject({ code: "store-unreachable", path: url });
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    await server.restart();
    expect(await store.cursor("made")).toBe("1");
    expect([...(await store.points(["a", "b"])).keys()]).toEqual(["a"]);
    const again = await store.begin();
    await again.save(makeChange(["a", "b"], 2));
    await again.commit();
    expect(await store.cursor("made")).toBe("2");
    expect((await store.lease!("decision")).inDoubt).toBe(true);
  });

  it("does nothing more in a transaction whose session was lost", async () => {
    store = await openStore(url);
    const unit = await store.begin();
    await unit.load(["a"]);
    await server.run("select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'");
    await expect(unit.save(makeChange(["a"], 1))).rejects.toMatchObject({ code: "store-unreachable" });
    await expect(unit.commit()).rejects.toMatchObject({ code: "store-unreachable" });
    expect((await store.info()).sources).toBe(0);
  });

  it(`is any of ${READERS} processes, each ${KILLS} times anywhere: each decision is said once`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "btsbot-said-"));
    try {
      const said = join(folder, "said");
      const random = createRandom(19);
      const runUntilDone = async (reader: number): Promise<number> => {
        for (let kills = 0; ; kills += 1) {
          // A batch comes to four points or five: some get through one, and some nowhere.
          const points = kills < KILLS ? 1 + Math.floor(random() * 5) : Infinity;
          if (await runReader(programOf(url, said, reader), points)) return kills;
        }
      };
      const kills = await Promise.all(Array.from({ length: READERS }, (_, reader) => runUntilDone(reader)));
      expect(kills).toEqual(kills.map(() => KILLS));
      store = await openStore(url);
      expect(await store.pending("decision")).toEqual([]);
      const cursors = Array.from({ length: READERS }, (_, reader) => [`part/${reader}`, String(BATCHES)]);
      expect((await store.info()).cursors).toEqual(Object.fromEntries(cursors));
      expect(existsSync(said)).toBe(true);
      const lines = readFileSync(said, "utf8").trim().split("\n");
      expect(new Set(lines).size).toBe(lines.length);
      const kept: string[] = [];
      for await (const { kind, key } of store.export("outbox")) if (kind === "decision") kept.push(key as string);
      expect(lines.toSorted()).toEqual(kept.toSorted());
      // Every source has every decision, whoever came first.
      for (let source = 0; source < 6; source += 1)
        for (const policy of ["gt1", "gt2"]) expect(lines).toContain(`s${source}/${policy}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 180_000);
});
