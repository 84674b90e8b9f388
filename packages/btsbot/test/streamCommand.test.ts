import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { runCli } from "btsbot";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { openBroker } from "../../stream/test/openBroker.js";
import type { OpenBroker } from "../../stream/test/openBroker.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

let folder: string;
let cache: string;
beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillAgeModel(temporaryFolder());
});

function writeConfig(config: unknown, text = JSON.stringify(config)): string {
  const path = join(folder, "stream.yaml");
  writeFileSync(path, text);
  return path;
}

describe("the configuration", () => {
  const complain = async (config: unknown, text?: string): Promise<string> => {
    const { status, stderr } = await run(["stream", writeConfig(config, text)], { cache });
    expect(status).toBe(2);
    return stderr;
  };
  const good = { kafka: { brokers: ["127.0.0.1:1"] }, input: { topics: ["t"] }, store: "s" };

  it("is refused with every place that is wrong", async () => {
    const stderr = await complain({ ...good, kafka: { brokers: [] }, output: { alert: {} }, graceMs: -1 });
    for (const part of ["kafka.brokers", "output", "alert", "graceMs"]) expect(stderr).toContain(part);
  });

  it("is JSON or YAML", async () => {
    expect(await complain(undefined, "kafka: [")).toContain("neither JSON nor YAML");
    expect(await complain(undefined, "kafka: { brokers: [a] }\ninput: {}\nstore: s\n")).toContain(
      "`topics` or `pattern`",
    );
    expect(await complain({ ...good, input: { pattern: "(" }, store: join(folder, "s") })).toContain(
      "not a regular expression",
    );
  });

  it("holds no secret: it names variables, and one that is not set is told by its name", async () => {
    const sasl = { mechanism: "plain", usernameFrom: "KAFKA_USER", passwordFrom: "KAFKA_PASSWORD" };
    expect(await complain({ ...good, kafka: { ...good.kafka, sasl } })).toContain("KAFKA_USER");
    const open = { ...sasl, password: "hunter2" };
    expect(await complain({ ...good, kafka: { ...good.kafka, sasl: open } })).not.toContain("hunter2");
  });
});

describeWithKafka("btsbot stream", () => {
  let opened: OpenBroker;
  beforeAll(async () => {
    opened = await openBroker();
  });
  afterAll(() => opened.close());

  const pack = (alerts: readonly Alert[]) => alerts.map((alert) => [alert.objectId, encodeAlerts([alert])] as const);
  /** Two nights of a bright old source, alerts of other programmes, and what is none. */
  const fill = async (): Promise<string> => {
    const topic = await opened.makeTopic(2);
    const hidden = [2, 3].map((programid) =>
      alertOf({ objectId: `ZTF23hidden${programid}`, day: programid, candidate: { programid } }),
    );
    const shown = [0, 2, 3].map((day) => alertOf({ day, candidate: { programid: 1 } }));
    await opened.produce(topic, [...pack([...shown, ...hidden]), ["x", new TextEncoder().encode("no packet")]]);
    return topic;
  };
  const configOf = (topic: string, more: object = {}, input: object = {}) => ({
    kafka: { brokers: [opened.broker.address], sessionMs: 1000 },
    input: { topics: [topic], group: topic, maxWaitMs: 20, ...input },
    decide: { filter: "none" },
    store: join(folder, "store"),
    output: {
      alerts: { topic: `${topic}-alerts`, format: "json" },
      decisions: { topic: `${topic}-decisions` },
      failures: { topic: `${topic}-failures` },
    },
    ...more,
  });
  const read = async (topic: string): Promise<string[]> =>
    (await opened.readAll(topic)).map(({ value }) => new TextDecoder().decode(value!));

  it("says by --check what it would do, and does nothing", async () => {
    const topic = await fill();
    const { status, stdout } = await run(["stream", "--check", writeConfig(configOf(topic))], { cache });
    expect(status).toBe(0);
    expect(stdout).toContain("the model btsbot-v1.0.1, the filter none, the policies bts_p1, bts_p2");
    // The ends of transactions have offsets too.
    expect(stdout).toMatch(new RegExp(`reads ${topic}, 2 partitions, [678] offsets to go`));
    expect(stdout).toContain(`alert to ${topic}-alerts, which it makes`);
    expect((await opened.client.topics()).has(`${topic}-alerts`)).toBe(false);
  });

  it("scores, decides and sends, what is public alone, and says each once however often it is run", async () => {
    const topic = await fill();
    const path = writeConfig(configOf(topic, {}, { until: "end" }));
    const first = await run(["stream", path], { cache });
    expect([first.status, first.stderr]).toEqual([0, ""]);
    const events = first.lines().map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(["topics", "first", "unreadable", "decision", "stopped"]));
    expect((await run(["stream", path], { cache })).status).toBe(0);
    const alerts = (await read(`${topic}-alerts`)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(alerts).toHaveLength(3);
    expect(alerts[0]).toMatchObject({ objectId: "ZTF23aaaaaaa", programid: 1, model: "btsbot-v1.0.1", reasons: [] });
    expect(alerts[0].score).toBeGreaterThan(0.5);
    expect((await read(`${topic}-decisions`)).map((line) => (JSON.parse(line) as { policy: string }).policy)).toEqual([
      "bts_p1",
      "bts_p2",
    ]);
    expect(await read(`${topic}-failures`)).toEqual(["no packet"]);
    // Nothing that is not public leaves: in no topic, no line of the log.
    const all = [
      first.stdout,
      ...(await Promise.all(["alerts", "decisions", "failures"].map((each) => read(`${topic}-${each}`)))).flat(),
    ];
    expect(all.join("\n")).not.toContain("hidden");
    // And nothing of it is kept, from where it could.
    const exported = await run(["store", "export", join(folder, "store"), "--table", "alerts", "--non-public"]);
    expect(exported.stdout).not.toContain("hidden");
  });

  it("takes what is not public where it is told to", async () => {
    const topic = await fill();
    const path = writeConfig(configOf(topic, {}, { until: "end", programs: [1, 2] }));
    expect((await run(["stream", path], { cache })).status).toBe(0);
    const sources = (await read(`${topic}-alerts`)).map((line) => (JSON.parse(line) as { objectId: string }).objectId);
    expect(new Set(sources)).toEqual(new Set(["ZTF23aaaaaaa", "ZTF23hidden2"]));
  });

  it("answers for its health, and stops in order when it is told to", async () => {
    const topic = await fill();
    const stop = new AbortController();
    const path = writeConfig(configOf(topic, { http: { port: 0 } }));
    let stdout = "";
    let heard = (): void => undefined;
    const until = async (pattern: RegExp): Promise<string> => {
      while (!pattern.test(stdout)) await new Promise<void>((resolve) => (heard = resolve));
      return pattern.exec(stdout)![1];
    };
    const ended = runCli(["stream", path], {
      stdout: { write: (text) => ((stdout += text), heard(), true) },
      stderr: { write: (text) => (stdout += text) },
      stdin: (async function* () {})(),
      env: { BTSBOT_CACHE: cache },
      signal: stop.signal,
    });
    const address = await until(/"address":"([^"]+)"/);
    await until(/("decision")/);
    const get = async (name: string): Promise<readonly [number, string]> => {
      const response = await fetch(`http://${address}/${name}`);
      return [response.status, await response.text()];
    };
    expect(await get("healthz")).toEqual([200, "ok\n"]);
    expect(await get("readyz")).toEqual([200, "ok\n"]);
    expect((await get("other"))[0]).toBe(404);
    let metrics = "";
    while (!metrics.includes("btsbot_latency_seconds_count 6")) [, metrics] = await get("metrics");
    for (const line of [
      "btsbot_alerts_total 3",
      'btsbot_scores_total{model="btsbot-v1.0.1"} 3',
      'btsbot_failures_total{code="input-unrecognized"} 1',
      "btsbot_withheld_total 2",
      'btsbot_decisions_total{policy="bts_p1",action="trigger"} 1',
      'btsbot_outbox_pending{kind="alert"} 0',
      "btsbot_reachable 1",
    ])
      expect(metrics).toContain(line);
    expect(metrics).toContain(`btsbot_lag_messages{topic="${topic}"}`);
    stop.abort();
    expect(await ended).toBe(0);
    expect(stdout).toContain('"event":"stopped"');
    await expect(fetch(`http://${address}/healthz`)).rejects.toThrow();
    expect(await read(`${topic}-alerts`)).toHaveLength(3);
  });
});
