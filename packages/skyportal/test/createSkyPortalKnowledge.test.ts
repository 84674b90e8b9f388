import { afterEach, describe, expect, it } from "vitest";
import { planFollowUp } from "@btsbot/policy";
import { TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { Portal } from "../../../test/support/skyportal/portal.js";
import { addSource } from "../../../test/support/skyportal/replay.js";
import { createSkyPortalClient, createSkyPortalKnowledge, resolvePortalNames } from "../src/index.js";

let fake: FakeSkyPortal | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const ID = "ZTF26aaaaaaa";
const AT = "2026-11-30T19:07:20.851080";

async function open() {
  fake = await startFakeSkyPortal();
  let now = 0;
  const time = { now: () => now, sleep: () => Promise.resolve() };
  const client = createSkyPortalClient({ url: fake.url, token: TOKENS.bot, time });
  const knowledge = createSkyPortalKnowledge({ client, time });
  return { fake, portal: fake.portal, client, knowledge, pass: (ms: number) => (now += ms) };
}

function addRequest(portal: Portal, objId: string, status: string, priority = 2): void {
  const payload = { observation_type: "IFU", priority, start_date: "2026-11-30", end_date: "2026-12-07" };
  const rest = { at: AT, modified: AT, payload, status, transactions: 0, visible: true };
  portal.requests.push({ id: portal.next("requests"), objId, allocationId: 1, targetGroupIds: [5], ...rest });
}

function addRow(portal: Portal, table: "spectra" | "classifications", objId: string, body: object): void {
  const row = { objId, userId: 2, groupIds: [5], at: AT, modified: AT, body: { ...body } };
  portal[table].push({ id: portal.next(table), ...row });
}

describe("createSkyPortalKnowledge", () => {
  it("knows what plans read, people's and machines' classes apart", async () => {
    const { portal, knowledge } = await open();
    addSource(portal, ID, 120, 20, true);
    portal.saves.push({ objId: ID, groupId: 6, active: false, requested: true, at: AT });
    addRow(portal, "classifications", ID, { classification: "Supernova", taxonomy_id: 1, ml: true });
    addRow(portal, "classifications", ID, { classification: "AGN", taxonomy_id: 1, ml: false });
    addRow(portal, "spectra", ID, { instrument_id: 1, observed_at: AT });
    addRequest(portal, ID, "submitted", 3);
    addRequest(portal, `${ID}b`, "submitted");
    addSource(portal, `${ID}b`, 121, 20, true);
    Object.assign(portal.objs.get(ID)!, {
      tnsName: "AT 2026abc",
      tnsInfo: { discoverydate: "2026-11-26 12:00:00" },
      assigned: true,
    });
    const known = (await knowledge.know([ID, "ZTF24zzzzzzz"])).get(ID)!;
    expect(known).toEqual({
      position: { ra: 120, dec: 20 },
      exists: true,
      savedTo: [5],
      classifications: [
        { name: "Supernova", ml: true },
        { name: "AGN", ml: false },
      ],
      spectra: 1,
      tns: { name: "AT 2026abc", reportedJd: 2461371 },
      assigned: true,
      requests: [expect.objectContaining({ id: 1, allocationId: 1, targetGroupIds: [5], status: "submitted" })],
    });
    expect(known.requests[0].modifiedJd).toBeCloseTo(2461375.29676, 4);
    expect((await knowledge.know(["ZTF24zzzzzzz"])).size).toBe(0);
  });

  it("reads requests page by page", async () => {
    const { portal, knowledge } = await open();
    addSource(portal, ID, 120, 20, true);
    for (let count = 0; count < 230; count += 1) addRequest(portal, ID, "deleted");
    const { requests } = (await knowledge.know([ID])).get(ID)!;
    expect(new Set(requests.map(({ id }) => id)).size).toBe(230);
  });

  it("counts what is known of another object at the same place, though not where that is saved", async () => {
    const { portal, knowledge } = await open();
    addSource(portal, ID, 120, 20, false);
    addSource(portal, "ZTF26aaaaaab", 120, 20 + 0.3 / 3600, true);
    addSource(portal, "ZTF26aaaaaac", 120, 20 + 0.9 / 3600, true);
    addRequest(portal, "ZTF26aaaaaab", "submitted");
    addRequest(portal, "ZTF26aaaaaac", "submitted");
    const known = (await knowledge.know([ID])).get(ID)!;
    expect(known.savedTo).toEqual([]);
    expect(known.requests.map(({ id, objectId }) => [id, objectId])).toEqual([[1, "ZTF26aaaaaab"]]);
  });

  it("asks again when an answer is old or forgotten, or never came, and not before", async () => {
    const { fake: portal, knowledge, pass } = await open();
    addSource(portal.portal, ID, 120, 20, true);
    await Promise.all([knowledge.know([ID]), knowledge.know([ID, ID])]);
    expect(portal.calls.length).toBe(3);
    pass(59_000);
    await knowledge.know([ID]);
    expect(portal.calls.length).toBe(3);
    pass(1000);
    await knowledge.know([ID]);
    expect(portal.calls.length).toBe(6);
    knowledge.forget(ID);
    portal.outage = "all";
    await expect(knowledge.know([ID])).rejects.toThrow(/could not answer/);
    portal.outage = undefined;
    expect((await knowledge.know([ID])).size).toBe(1);
  });

  it("lets a plan raise a request that exists, and not ask for another", async () => {
    const { portal, knowledge } = await open();
    addSource(portal, ID, 120, 20, true);
    addRequest(portal, ID, "submitted", 2);
    const known = (await knowledge.know([ID])).get(ID)!;
    const decision = {
      policy: "bts_p1",
      objectId: ID,
      action: "trigger",
      priority: 4,
      candid: 1n,
      jd: 2461375,
      reasons: [],
      alerts: [],
    } as const;
    const request = { instrument: "SEDM", allocationId: 1, payload: { observation_type: "IFU" } };
    const rules = [{ policy: "bts_p1", save: { groupIds: [5] }, request }];
    const actions = planFollowUp([decision], { ...known, objectId: ID }, { rules, now: 2461375.5 });
    expect(actions.map((action) => [action.kind, action.kind === "raise" && action.requestId])).toEqual([
      ["none", false],
      ["raise", 1],
    ]);
  });

  it("says where an answer has another form than is known", async () => {
    const { fake: portal, knowledge } = await open();
    addSource(portal.portal, ID, 120, 20, true);
    Object.assign(portal.portal.objs.get(ID)!, { ra: "8h" });
    await expect(knowledge.know([ID])).rejects.toMatchObject({
      code: "skyportal-answer",
      path: `GET /api/sources/${ID}.ra`,
    });
  });
});

describe("resolvePortalNames", () => {
  it("finds ids once for each kind, with the classes of a taxonomy", async () => {
    const { client, fake: portal } = await open();
    const { ids, classes, missing } = await resolvePortalNames(client, {
      groups: ["BTS", "BTS second"],
      filters: ["BTS all"],
      streams: ["ZTF Public"],
      taxonomies: ["BTS test taxonomy"],
      instruments: ["ZTF"],
      allocations: ["DBSP-like", "DBSP-like (A. Person)"],
    });
    expect(missing).toEqual([]);
    expect(Object.values(ids).map((found) => [...found.values()])).toEqual([[5, 6], [1], [1], [1], [2], [4, 4]]);
    expect([...classes.get(1)!]).toContain("Ia");
    expect(portal.calls.length).toBe(6);
  });

  it("says what is missing, what is not ours, and what is there twice", async () => {
    const { client, fake: portal } = await open();
    const { missing } = await resolvePortalNames(client, {
      groups: ["BTZ", "Private of others"],
      allocations: ["SEDM"],
    });
    expect(missing).toEqual([
      'SkyPortal shows no group named "BTZ"; did you mean "BTS"?',
      'SkyPortal shows no group named "Private of others"',
      'SkyPortal shows more than one allocation named "SEDM": ids 1, 2, 5; give the id',
    ]);
    expect(portal.calls.map(({ path }) => path)).toEqual(["/api/groups", "/api/allocation"]);
  });
});
