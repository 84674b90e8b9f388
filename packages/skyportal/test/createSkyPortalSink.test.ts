import type { PendingEntry } from "@btsbot/decide";
import { afterEach, describe, expect, it } from "vitest";
import { describeSink } from "../../../test/support/sinkConformance.js";
import { commentOf, entriesOf, raiseOf, requestOf, saveOf } from "../../../test/support/skyportal/actions.js";
import { createPortal, TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeOptions, FakeSkyPortal, Fault, HeardCall } from "../../../test/support/skyportal/fakeSkyPortal.js";
import { quickTime } from "../../../test/support/skyportal/quickTime.js";
import { addSource } from "../../../test/support/skyportal/replay.js";
import { createSkyPortalClient, createSkyPortalSink } from "../src/index.js";
import type { PortalIntroduction, PortalSinkOptions } from "../src/index.js";

/** How much faster time passes. */
const FASTER = 250;
const ID = "ZTF26aaaaaaa";
const PNG = Buffer.from("89504e470d0a1a0a0000000d494844520000003f0000003f0800000000000000", "hex").toString("base64");

const opened: FakeSkyPortal[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: FakeOptions = {}, more: Partial<PortalSinkOptions> = {}) {
  const time = quickTime(FASTER);
  const fake = await startFakeSkyPortal({ portal: createPortal(time.now), ...options });
  opened.push(fake);
  fake.portal.facilityMs = 30_000 / FASTER;
  const client = createSkyPortalClient({
    url: fake.url,
    token: TOKENS.bot,
    time,
    timeoutMs: 45_000 / FASTER,
    rate: 100,
  });
  const openSink = () => createSkyPortalSink({ client, time, ...more });
  return { fake, portal: fake.portal, sink: openSink(), openSink, time };
}

/** Does what is given to the first call of this kind alone. */
function once(method: string, path: RegExp, fault: Fault): (call: HeardCall) => Fault | undefined {
  let isDone = false;
  return (call) => {
    if (isDone || call.method !== method || !path.test(call.path)) return undefined;
    isDone = true;
    return fault;
  };
}

const INTRODUCTION: PortalIntroduction = {
  candidate: { candid: "2836353843215015007", jd: 2461010.75, score: 0.93 },
  filterIds: [1],
  annotations: [{ origin: "BTSbot:scores", data: { btsbot: 0.93, candid: "2836353843215015007" } }],
  photometry: [
    { instrument_id: 2, magsys: "ab", zp: 23.9, mjd: [61010.25], filter: ["ztfr"], flux: [120.5], fluxerr: [3.5] },
  ],
  thumbnails: [
    { type: "new", data: PNG },
    { type: "sub", data: PNG },
  ],
  classification: { taxonomyId: 1, name: "Supernova", probability: 0.93, origin: "BTSbot v1.0.1" },
};
const introduce = () => Promise.resolve(INTRODUCTION);

describeSink(
  "of SkyPortal",
  async () => {
    const { sink, openSink, portal } = await open();
    return { sink, reopen: openSink, read: () => portal.saves.map(({ objId, groupId }) => `${objId}/save/${groupId}`) };
  },
  (number) => ({ ...entriesOf([saveOf(`ZTF26aaaa${String(number).padStart(3, "0")}`)])[0], number }),
);

describe("what a source comes to", () => {
  const told = (fake: FakeSkyPortal) =>
    fake.calls
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);

  it("tells of one that SkyPortal does not have in Kowalski's order", async () => {
    const { sink, fake, portal } = await open({}, { introduce });
    const answers = await sink.take(entriesOf([saveOf(ID), commentOf(ID), requestOf(ID)]));
    expect(answers.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(told(fake)).toEqual([
      "POST candidates",
      "POST annotations",
      "PUT photometry",
      "POST thumbnail",
      "POST thumbnail",
      "POST sources",
      "POST classification",
      "POST comments",
      "POST followup_request",
    ]);
    expect(portal.candidates).toMatchObject([
      { alertId: "2836353843215015007", passedAt: Date.parse("2025-12-01T06:00Z") },
    ]);
    expect(portal.classifications[0].body).toMatchObject({ ml: true, probability: 0.93, origin: "BTSbot v1.0.1" });
    expect(portal.requests).toMatchObject([{ objId: ID, status: "submitted" }]);
  });

  it("saves one that SkyPortal has before its photometry, and says nothing twice", async () => {
    const { sink, openSink, fake, portal } = await open({}, { introduce });
    addSource(portal, ID, 120, 20, false);
    await sink.take(entriesOf([saveOf(ID)]));
    expect(told(fake)).toEqual([
      "POST candidates",
      "POST annotations",
      "POST sources",
      "PUT photometry",
      "POST thumbnail",
      "POST thumbnail",
      "POST classification",
    ]);
    const [answer] = await openSink().take(entriesOf([saveOf(ID)], 1));
    expect(answer.state).toBe("done");
    expect(
      [portal.annotations, portal.photometry, portal.thumbnails, portal.classifications].map((all) => all.length),
    ).toEqual([1, 1, 2, 1]);
  });

  it("puts new data into an annotation that is there, and names what SkyPortal does not take", async () => {
    const { sink, portal } = await open(
      {},
      {
        introduce: () =>
          Promise.resolve({
            ...INTRODUCTION,
            photometry: [{ ...INTRODUCTION.photometry![0], instrument_id: 99 }],
            classification: { ...INTRODUCTION.classification!, name: "Kilonova" },
          }),
      },
    );
    addSource(portal, ID, 120, 20, false);
    const body = { origin: "BTSbot:scores", data: { btsbot: 0.1 } };
    portal.annotations.push({ id: 7, objId: ID, userId: 2, groupIds: [5], at: "", modified: "", body });
    const [{ state, answer }] = await sink.take(entriesOf([saveOf(ID)]));
    expect(portal.annotations.map((row) => row.body.data)).toEqual([INTRODUCTION.annotations![0].data]);
    expect({ state, answer }).toMatchObject({ state: "done", answer: { savedTo: [5] } });
    expect(JSON.stringify(answer)).toMatch(
      /photometry: Invalid instrument ID: 99.*classification Kilonova: Error posting/,
    );
  });

  it("refuses a save that groups to be left alone forbid, its comment, and what nobody may ask for", async () => {
    const { sink, portal } = await open();
    addSource(portal, ID, 120, 20, true);
    portal.saves.push({ objId: ID, groupId: 6, active: true, requested: false, at: "" });
    portal.saves[0].active = false;
    const save = saveOf(ID, { ignoreGroupIds: [6], exists: true });
    const [saved, comment, request] = await sink.take(entriesOf([save, commentOf(ID), requestOf(ID)]));
    expect(saved).toMatchObject({ state: "refused", reason: expect.stringContaining("left alone (6)") as string });
    expect(comment).toMatchObject({ state: "refused", reason: expect.stringContaining("which was refused") as string });
    expect(request).toMatchObject({
      state: "refused",
      reason: expect.stringContaining("SkyPortal ignores it: There is no source") as string,
    });
    expect([portal.requests, portal.comments]).toEqual([[], []]);
  });
});

describe("what is lost on the way", () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ["carried out, the answer lost", { kind: "lost" }],
    ["carried out late", { kind: "late", ms: 20_000 / FASTER }],
    ["never heard", { kind: "unheard" }],
    ["silent", { kind: "silent" }],
    ["a 502", { kind: "refused", status: 502 }],
    ["a 500 of no known fault", { kind: "refused", status: 500 }],
    ["a 429", { kind: "refused", status: 429 }],
    ["a restart", { kind: "refused", status: 405 }],
    ["a timeout of the proxy (408)", { kind: "refused", status: 408 }],
  ];
  const calls: readonly (readonly [string, RegExp])[] = [
    ["POST", /candidates$/],
    ["POST", /annotations$/],
    ["PUT", /photometry$/],
    ["POST", /thumbnail$/],
    ["POST", /sources$/],
    ["POST", /classification$/],
    ["POST", /comments$/],
    ["POST", /followup_request$/],
  ];
  for (const [name, fault] of faults)
    it(`comes once, whichever call was ${name}`, async () => {
      for (const [method, path] of calls) {
        const { sink, portal, fake } = await open({ faultOf: once(method, path, fault) }, { introduce });
        const answers = await sink.take(entriesOf([saveOf(ID), commentOf(ID), requestOf(ID)]));
        expect([path, ...answers.map(({ state }) => state)]).toEqual([path, "done", "done", "done"]);
        const { candidates, annotations, photometry, thumbnails, saves, classifications, comments, requests } = portal;
        const rows = [candidates, annotations, photometry, thumbnails, saves, classifications, comments, requests];
        expect([path, ...rows.map((all) => all.length)]).toEqual([path, 1, 1, 1, 2, 1, 1, 1, 1]);
        await fake.close();
      }
    });

  it("asks once of a facility that takes longer than the client waits", async () => {
    const { sink, portal } = await open();
    addSource(portal, ID, 120, 20, true);
    portal.facilityMs = 100_000 / FASTER;
    portal.facility = () => new Promise((resolve) => setTimeout(resolve, 55_000 / FASTER, "accepted" as const));
    const [answer] = await sink.take(entriesOf([requestOf(ID)]));
    expect(answer.state).toBe("done");
    expect(portal.requests).toHaveLength(1);
  });

  it("finds what a run that died had asked for, or still was asking for", async () => {
    const { openSink, portal } = await open();
    addSource(portal, ID, 120, 20, true);
    await openSink().take(entriesOf([requestOf(ID)]));
    const [again] = await openSink().take(entriesOf([requestOf(ID)], 1));
    expect(again).toEqual({ state: "done", answer: { requestId: 1, status: "submitted" } });
    const other = "ZTF26aaaaaab";
    addSource(portal, other, 121, 20, true);
    const late = openSink().take(entriesOf([requestOf(other)], 1));
    setTimeout(() => void openSink().take(entriesOf([requestOf(other)])), 20_000 / FASTER);
    expect((await late)[0].state).toBe("done");
    expect(portal.requests.map(({ objId }) => objId)).toEqual([ID, other]);
  });
});

describe("what a facility says", () => {
  it("holds for a person what it did not answer, asks no second time, and heeds what the person finds", async () => {
    const { sink, openSink, portal } = await open();
    addSource(portal, ID, 120, 20, true);
    portal.facility = () => "hangs";
    const [held] = await sink.take(entriesOf([requestOf(ID)]));
    expect(held).toMatchObject({ state: "again", answer: { held: true, requestId: 1 } });
    expect(held.reason).toMatch(/^held for a person: .*set the request's status to submitted, or delete it$/);
    portal.facility = () => "accepted";
    for (const each of [sink, openSink()])
      expect((await each.take(entriesOf([requestOf(ID)], 1)))[0]).toMatchObject({ answer: { held: true } });
    portal.requests[0].status = "submitted";
    expect((await openSink().take(entriesOf([requestOf(ID)], 2)))[0].state).toBe("done");
    expect(portal.requests).toHaveLength(1);
  });

  it("refuses what it rejects, and what SkyPortal takes for a duplicate of another", async () => {
    const { sink, portal } = await open();
    addSource(portal, ID, 120, 20, true);
    portal.facility = () => ({ rejected: "too faint for us" });
    const [rejected] = await sink.take(entriesOf([requestOf(ID)]));
    expect(rejected).toMatchObject({ state: "refused", reason: "request 1 is rejected: too faint for us" });
    portal.facility = () => "accepted";
    const other = requestOf(ID, 3, { payload: { ...requestOf(ID).payload, observation_type: "3-shot (gri)" } });
    await sink.take(entriesOf([other]));
    const [ignored] = await sink.take(entriesOf([{ ...requestOf(ID), key: "another" }]));
    expect(ignored).toMatchObject({ state: "refused" });
  });
});

describe("a higher priority", () => {
  async function openRequest(options: FakeOptions = {}) {
    const all = await open(options);
    addSource(all.portal, ID, 120, 20, true);
    await all.sink.take(entriesOf([requestOf(ID, 2)]));
    return all;
  }

  it("changes the priority alone of the form as it is by now, once", async () => {
    const { sink, openSink, portal, fake } = await openRequest({
      faultOf: once("PUT", /followup_request/, { kind: "lost" }),
    });
    portal.requests[0].payload = { ...portal.requests[0].payload, exposure_time: 900 };
    expect((await sink.take(entriesOf([raiseOf(ID, 1, 4)])))[0].state).toBe("done");
    expect((await openSink().take(entriesOf([raiseOf(ID, 1, 4)], 1)))[0].state).toBe("done");
    expect(portal.requests[0].payload).toMatchObject({ priority: 4, exposure_time: 900 });
    expect(fake.calls.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  it("revives no request that was deleted or rejected", async () => {
    const { sink, portal, fake } = await openRequest();
    for (const status of ["deleted", "rejected: too faint for us", "completed"]) {
      portal.requests[0].status = status;
      expect((await sink.take(entriesOf([raiseOf(ID, 1, 4)])))[0]).toMatchObject({
        state: "refused",
        reason: `request 1 is ${status}, and is not raised`,
      });
    }
    expect(fake.calls.filter(({ method }) => method === "PUT")).toEqual([]);
  });
});

describe("what stops or waits", () => {
  it("stops where the token is not taken, and says so", async () => {
    const { sink, portal } = await open();
    portal.tokens.clear();
    await expect(sink.take(entriesOf([saveOf(ID)]))).rejects.toMatchObject({ code: "skyportal-unauthorized" });
  });

  it("leaves what SkyPortal could not answer, with what comes after it, for later", async () => {
    const { sink, fake, portal } = await open();
    fake.outage = "all";
    const entries = entriesOf([saveOf(ID), commentOf(ID), requestOf(ID)]);
    const answers = await sink.take(entries);
    expect(answers.map(({ state }) => state)).toEqual(["again", "again", "again"]);
    fake.outage = undefined;
    expect((await sink.take(entries)).map(({ state }) => state)).toEqual(["done", "done", "done"]);
    expect(portal.requests).toHaveLength(1);
  });

  it("refuses an entry that is not an action, and goes on", async () => {
    const { sink } = await open();
    const [entry] = entriesOf([saveOf(ID)]);
    const strange: PendingEntry[] = [
      { ...entry, body: { kind: "dance", objectId: ID } },
      { ...entry, body: null },
      entry,
    ];
    expect((await sink.take(strange)).map(({ state }) => state)).toEqual(["refused", "refused", "done"]);
  });

  it("sends no comment on what was refused before, by another run", async () => {
    const issued = (): Promise<string[]> => Promise.resolve([`${ID}/save/5`]);
    const { sink, portal } = await open({}, { issued });
    addSource(portal, ID, 120, 20, true);
    const answers = await sink.take(entriesOf([commentOf(ID), commentOf(ID, `${ID}/request/SEDM/1/x/0`)]));
    expect(answers.map(({ state }) => state)).toEqual(["done", "refused"]);
  });
});
