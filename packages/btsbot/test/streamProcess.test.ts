import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { encodeAlerts } from "@btsbot/alert";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { openBroker } from "../../stream/test/openBroker.js";
import type { OpenBroker } from "../../stream/test/openBroker.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel } from "./support/packets.js";
import { temporaryFolder } from "./support/runInProcess.js";
import { startCommand } from "./support/startCommand.js";

/** What runs a program as the first process of a container's kind, if that may be done here. */
const FIRST = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", process.execPath];
const isFirst = spawnSync(FIRST[0], [...FIRST.slice(1, -1), "true"]).status === 0;

/** Where the client on librdkafka is compiled; it is native code, and not built everywhere. */
const CONFLUENT = process.env.BTSBOT_CONFLUENT_KAFKA ?? "@confluentinc/kafka-javascript";
const confluent = findConfluent();

function findConfluent(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    require(CONFLUENT);
    return require.resolve(CONFLUENT);
  } catch {
    return undefined;
  }
}

describeWithKafka("btsbot stream, as a process", () => {
  let opened: OpenBroker;
  let folder: string;
  let env: { BTSBOT_CACHE: string };
  beforeAll(async () => {
    const { setup } = await import("../../../test/setup.js");
    setup(() => undefined);
    opened = await openBroker();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    folder = temporaryFolder();
    env = { BTSBOT_CACHE: await fillAgeModel(temporaryFolder()) };
  });

  const fill = async (sources = 1): Promise<string> => {
    const topic = await opened.makeTopic();
    const alerts = Array.from({ length: sources }, (_, index) =>
      alertOf({ objectId: `ZTF23${String(index).padStart(7, "a")}`, day: 0, candidate: { programid: 1 } }),
    );
    await opened.produce(
      topic,
      alerts.map((alert) => [alert.objectId, encodeAlerts([alert])]),
    );
    return topic;
  };
  const configure = (topic: string, more: object = {}, { kafka = {}, input = {} } = {}): string => {
    const path = join(folder, "stream.json");
    const config = {
      kafka: { brokers: [opened.broker.address], sessionMs: 1000, ...kafka },
      input: { topics: [topic], group: topic, maxWaitMs: 20, ...input },
      decide: { filter: "none" },
      store: join(folder, "store"),
      output: { alerts: { topic: `${topic}-alerts`, format: "json" } },
      ...more,
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };
  const sent = async (topic: string): Promise<string[]> =>
    (await opened.readAll(`${topic}-alerts`)).map(
      ({ value }) => (JSON.parse(new TextDecoder().decode(value!)) as { objectId: string }).objectId,
    );

  it.skipIf(!existsSync("/dev/full")).each([
    [[], "is incomplete (got no room left on the disk)"],
    [["--check"], "is incomplete (got no room left on the disk)"],
  ])("ends with one line and status 1 on a full standard output %s (needs /dev/full)", async (options, words) => {
    const full = openSync("/dev/full", "w");
    const config = configure(await fill(), { http: { port: 0 } });
    const { status, stderr } = await startCommand(["stream", config, ...options], { env, stdout: full }).ended();
    closeSync(full);
    expect([status, stderr]).toEqual([1, `btsbot: standard output: cannot be written, and ${words}\n`]);
  });

  it("ends so where the reader of its log is gone, and what it left is done by the next run", async () => {
    const topic = await fill();
    const config = configure(topic, { http: { port: 0 } });
    const { status, stderr } = await startCommand(["stream", config], { env, stdout: "closed" }).ended();
    expect([status, stderr]).toEqual([
      1,
      "btsbot: standard output: its reader closed it before everything was written\n",
    ]);
    const again = configure(topic, {}, { input: { until: "end" } });
    expect((await startCommand(["stream", again], { env }).ended()).status).toBe(0);
    expect(await sent(topic)).toHaveLength(1);
  });

  it("ends where it cannot begin, though its store is open", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const { status, stderr } = await startCommand(["stream", configure(await fill(), { http: { port } })], {
      env,
    }).ended();
    taken.close();
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^btsbot: http: cannot listen there .*EADDRINUSE.*\n$/),
    ]);
  });

  it("is ended when its time to stop is over, says so, and the next run does what is left, once", async () => {
    const topic = await fill(600);
    const config = configure(topic, { graceMs: 1 }, { input: { maxMessages: 40 } });
    const run = startCommand(["stream", config], { env });
    await run.until(/"event":"first"/);
    run.child.kill("SIGTERM");
    const { signal, stdout } = await run.ended();
    expect(signal).toBe("SIGTERM");
    expect(stdout).toContain('"event":"late"');
    expect(stdout).not.toContain('"event":"stopped"');
    const again = configure(topic, {}, { input: { until: "end" } });
    expect((await startCommand(["stream", again], { env }).ended()).status).toBe(0);
    const names = await sent(topic);
    expect([names.length, new Set(names).size]).toEqual([600, 600]);
  });

  describe.skipIf(!isFirst)("as the first process of a container (needs unshare and the right to it)", () => {
    it.each([
      [20_000, "stopped", 0],
      [1, "late", 1],
    ])("stops when it is told to, within %i ms or not: %s", async (graceMs, event, status) => {
      const config = configure(await fill(600), { graceMs }, { input: { maxMessages: 40 } });
      const run = startCommand(["stream", config], { env, program: FIRST });
      await run.until(/"event":"first"/);
      // What `unshare` started, by its id outside.
      const { pid } = run.child;
      const first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
      expect(first).toBeGreaterThan(1);
      process.kill(first, "SIGTERM");
      const ended = await run.ended();
      expect(ended.stdout).toContain(`"event":"${event}"`);
      expect(ended.status).toBe(status);
    });
  });

  describe.skipIf(confluent === undefined)("by librdkafka (needs it to be built: BTSBOT_CONFLUENT_KAFKA)", () => {
    it("checks, reads, sends each once, and stops in order", async () => {
      // As if it were installed beside the command.
      const hooks = join(folder, "hooks.mjs");
      writeFileSync(
        hooks,
        `export const resolve = (name, context, next) => next(name === "@confluentinc/kafka-javascript" ? ${JSON.stringify(pathToFileURL(confluent!).href)} : name, context);`,
      );
      const register = join(folder, "register.mjs");
      writeFileSync(
        register,
        `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
      );
      const program = [process.execPath, "--import", pathToFileURL(register).href];
      const topic = await fill(20);
      const config = configure(topic, {}, { kafka: { client: "confluent" } });
      const check = await startCommand(["stream", config, "--check"], { env, program }).ended();
      expect([check.status, check.stderr]).toEqual([0, ""]);
      expect(check.stdout).toContain(`reads ${topic}, 1 partition, `);
      const run = startCommand(["stream", configure(topic, { log: "debug" }, { kafka: { client: "confluent" } })], {
        env,
        program,
      });
      await run.until(/"event":"first"/);
      while ((await sent(topic).catch(() => [])).length < 20);
      run.child.kill("SIGTERM");
      const { signal, stdout } = await run.ended();
      expect(signal).toBe("SIGTERM");
      expect(stdout).toContain('"event":"stopped"');
      const again = configure(topic, {}, { kafka: { client: "confluent" }, input: { until: "end" } });
      expect((await startCommand(["stream", again], { env, program }).ended()).status).toBe(0);
      const names = await sent(topic);
      expect([names.length, new Set(names).size]).toEqual([20, 20]);
    });
  });
});
