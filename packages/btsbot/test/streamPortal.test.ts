import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import { openBroker } from "../../stream/test/openBroker.js";
import type { OpenBroker } from "../../stream/test/openBroker.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const ID = "ZTF23aaaaaaa";
const RULES = [
  {
    policy: "bts_p1",
    save: { groupIds: [5], comment: "saved by the bot" },
    request: { instrument: "SEDM", allocationId: 1, payload: { observation_type: "IFU" } },
  },
];

describeWithKafka("btsbot stream with a SkyPortal", () => {
  let opened: OpenBroker;
  let fake: FakeSkyPortal;
  let folder: string;
  let cache: string;
  beforeAll(async () => {
    opened = await openBroker();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    folder = temporaryFolder();
    cache = await fillAgeModel(temporaryFolder());
    fake = await startFakeSkyPortal();
  });
  afterEach(() => fake.close());

  const start = async (rules: object = RULES, args: readonly string[] = [], token: string = TOKENS.bot) => {
    const topic = await opened.makeTopic(1);
    const alerts = [0, 2, 3].map((day) =>
      alertOf({ objectId: ID, day, candidate: { programid: 1, ra: 120, dec: 20 } }),
    );
    await opened.produce(
      topic,
      alerts.map((alert) => [alert.objectId, encodeAlerts([alert])]),
    );
    writeFileSync(join(folder, "rules.json"), JSON.stringify(rules));
    const config = {
      kafka: { brokers: [opened.broker.address], sessionMs: 1000 },
      input: { topics: [topic], group: topic, maxWaitMs: 20, until: "end" },
      decide: { filter: "none", policies: ["bts_p1"], rules: join(folder, "rules.json") },
      store: join(folder, "store"),
      skyportal: { url: fake.url, filters: ["BTS all"], instrument: "ZTF" },
    };
    const path = join(folder, "stream.yaml");
    writeFileSync(path, JSON.stringify(config));
    return run(["stream", ...args, path], { cache, env: { SKYPORTAL_TOKEN: token } });
  };

  it("asks what is known, and sends what is decided, beside the alerts", async () => {
    const { status, stderr, lines } = await start();
    expect([status, stderr]).toEqual([0, ""]);
    const { portal, calls } = fake;
    expect(portal.saves).toMatchObject([{ objId: ID, groupId: 5 }]);
    expect(portal.requests).toMatchObject([{ objId: ID, status: "submitted" }]);
    expect(portal.comments).toHaveLength(1);
    expect(portal.candidates).toMatchObject([{ objId: ID, filterId: 1 }]);
    expect(portal.photometry.length).toBeGreaterThan(0);
    expect(portal.annotations[0].body).toMatchObject({ origin: "btsbot:btsbot-v1.0.1" });
    const told = lines().filter(({ event }) => event === "action");
    expect(told.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(calls.some(({ path, method }) => method === "GET" && path === `/api/sources/${ID}`)).toBe(true);
  });

  it("asks for nothing that speaks against it in SkyPortal", async () => {
    const at = "2026-12-01T00:00:00.000000";
    const { portal } = fake;
    portal.objs.set(ID, {
      id: ID,
      ra: 120,
      dec: 20,
      score: 1,
      origin: null,
      at,
      tnsName: null,
      tnsInfo: null,
      assigned: false,
    });
    portal.saves.push({ objId: ID, groupId: 5, active: true, requested: false, at });
    portal.spectra.push({ id: 1, objId: ID, userId: 2, groupIds: [5], at, modified: at, body: { instrument_id: 1 } });
    expect((await start()).status).toBe(0);
    expect([portal.requests, portal.comments]).toEqual([[], []]);
    expect(fake.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("says before the first alert what SkyPortal lacks, and what --check finds", async () => {
    const other = [{ ...RULES[0], save: { groupIds: [5, 99] }, request: { ...RULES[0].request, allocationId: 77 } }];
    const { status, stderr } = await start(other);
    expect(status).toBe(2);
    expect(stderr).toContain("the user of the token is in no group 99, which the rule of bts_p1 names");
    expect(stderr).toContain("SkyPortal shows no allocation 77");
    expect((await start(RULES, ["--check"])).stdout).toContain(`asks and tells SkyPortal at ${fake.url}`);
    expect(fake.calls.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("goes on with the alerts where the token is no longer taken, and keeps what is to be sent", async () => {
    fake.faultOf = ({ path }) =>
      path.startsWith("/api/sources") ? { kind: "refused", status: 401, text: "{}" } : undefined;
    const { status, lines } = await start();
    expect(status).toBe(0);
    const events = lines().map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(["nothing known", "decision", "sending stopped", "stopped"]));
    fake.faultOf = undefined;
    const waiting = await run(["store", "export", join(folder, "store"), "--table", "outbox"]);
    expect(waiting.lines().filter(({ kind, state }) => kind === "action" && state === "pending")).toHaveLength(3);
  });
});
