import type { Knowledge } from "@btsbot/decide";
import { makeTnsReport } from "@btsbot/policy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startFakeTns, TNS_KEY } from "../../../test/support/fakeTns.js";
import type { FakeTns } from "../../../test/support/fakeTns.js";
import { addTnsNames, createTnsClient } from "../src/index.js";

type Known = Awaited<ReturnType<Knowledge["know"]>> extends ReadonlyMap<string, infer Each> ? Each : never;

let fake: FakeTns;
beforeEach(async () => {
  fake = await startFakeTns();
});
afterEach(() => fake.close());

const detection = { jd: 2461010.75, fid: 1, magpsf: 18.3, sigmapsf: 0.1, positive: true, candid: null, programid: 1 };
const history = { detections: [detection], nondetections: [{ jd: 2461008.75, fid: 2, diffmaglim: 20.1 }] };
const reportOf = (...ids: string[]) =>
  makeTnsReport(
    ids.map((objectId) => ({ objectId, ra: 120, dec: 20, history })),
    { reporter: "A. Person (Somewhere)", reportingGroupId: 74 },
  );

function open(apiKey = TNS_KEY) {
  const slept: number[] = [];
  const time = { now: () => 0, sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };
  return {
    slept,
    client: createTnsClient({ url: `${fake.url}/`, botId: 7, botName: "btsbot", apiKey, time, tries: 4 }),
  };
}

describe("createTnsClient", () => {
  it("reports, waits until TNS has worked it off, and gives the names in the report's order", async () => {
    fake.names.set("ZTF26b", { prefix: "SN", objname: "2025zz" });
    const { client, slept } = open();
    const id = await client.send(reportOf("ZTF26a", "ZTF26b", "ZTF26bad"));
    expect(await client.answers(id)).toEqual([
      { name: "AT 2026aab", wasKnown: false, message: "Transient object was inserted." },
      { name: "SN 2025zz", wasKnown: true, message: "Transient object exists." },
      { wasKnown: false, message: expect.stringContaining("Wrong.") as string },
    ]);
    expect(slept).toEqual([5000, 5000]);
    expect(fake.reports[0].marker).toBe('tns_marker{"tns_id":7,"type":"bot","name":"btsbot"}');
  });

  it("waits as long as TNS says where it asks too often, and after a failure asks again for an answer alone", async () => {
    fake.statuses.push(429, 429);
    const { client, slept } = open();
    const id = await client.send(reportOf("ZTF26a"));
    fake.statuses.push(503);
    expect((await client.answers(id))[0].name).toBe("AT 2026aaa");
    expect(slept).toEqual([2000, 2000, 5000, 5000, 5000]);
    fake.statuses.push(500);
    await expect(client.send(reportOf("ZTF26c"))).rejects.toMatchObject({ code: "tns-unreachable" });
    expect(fake.reports).toHaveLength(1);
  });

  it("ends where TNS does not take the key, which no message has, or works nothing off", async () => {
    const error = await open("wrong-key-123")
      .client.send(reportOf("ZTF26a"))
      .catch((each: unknown) => each as Error);
    expect(error).toMatchObject({ code: "tns-refused", message: expect.stringContaining("***") as string });
    expect(String(error)).not.toContain("wrong-key-123");
    fake.busy = 100;
    const { client } = open();
    await expect(client.answers(await client.send(reportOf("ZTF26a")))).rejects.toMatchObject({
      code: "tns-unreachable",
    });
  });
});

describe("addTnsNames", () => {
  it("adds a name where nobody knows one, and leaves what is known", async () => {
    const known = { savedTo: [5], spectra: 1, classifications: [], requests: [] };
    const knowledge: Knowledge = {
      know: () =>
        Promise.resolve(
          new Map<string, Known>([
            ["a", known],
            ["b", { ...known, tns: { name: "SN 2025zz" } }],
          ]),
        ),
    };
    const names: Readonly<Record<string, string>> = { a: "AT 2026aaa", b: "AT 2026aab", c: "AT 2026aac" };
    const all = await addTnsNames(knowledge, (id) => Promise.resolve(names[id])).know(["a", "b", "c", "d"]);
    expect(all.get("a")).toEqual({ ...known, tns: { name: "AT 2026aaa" } });
    expect([all.get("b")?.tns, all.get("c")?.tns, all.get("d")]).toEqual([
      { name: "SN 2025zz" },
      { name: "AT 2026aac" },
      undefined,
    ]);
  });
});
