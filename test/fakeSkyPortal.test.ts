import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPortal, TOKENS } from "./support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "./support/skyportal/fakeSkyPortal.js";
import type { FakeSkyPortal, Outage } from "./support/skyportal/fakeSkyPortal.js";
import { BEFORE, addSource, readRecordings, replay } from "./support/skyportal/replay.js";
import type { Recording } from "./support/skyportal/replay.js";
import { shapeDifferences } from "./support/skyportal/shapeDifferences.js";
import { describeWithData } from "./support/testData.js";

/** Exchanges that have a test of their own below. */
const ELSEWHERE = /^(?:308-|310-|race-|rate-limit|btsbot-)/;

/** What is broken during an exchange. */
function outageOf(name: string): Outage | undefined {
  if (name.includes("app-and-status-down")) return "all";
  if (name.includes("app-down")) return "app";
  return name.includes("db-down") ? "database" : undefined;
}

/** What a message says before the parts that come from a database or a library. */
function opening(message: unknown): string {
  return String(message)
    .split(
      /\(psycopg|\n|any of the| got: "|are lists|0x|\d+\.\d+ hours|not among the defined|Allowed filters|is not one of/,
    )[0]
    .replaceAll(/\{\d+\}/g, "{N}")
    .slice(0, 180);
}

describeWithData("a fake SkyPortal, held against the real one", (folder) => {
  const recordings = readRecordings(folder);
  const headers = { Authorization: `token ${TOKENS.bot}` };
  let fake: FakeSkyPortal;
  beforeAll(async () => {
    // The date of the recordings.
    fake = await startFakeSkyPortal({ portal: createPortal(() => Date.parse("2026-11-30T19:07:20Z")) });
  });
  afterAll(() => fake.close());

  it("answers each recorded request with the recorded status, shape and words", async () => {
    const ids = new Map<string, number>();
    const wrong: string[] = [];
    let replayed = 0;
    for (const [name, recording] of recordings) {
      if (ELSEWHERE.test(name)) continue;
      await BEFORE[name]?.(fake);
      fake.outage = outageOf(name);
      const response = await replay(fake, name, recording, ids);
      const text = await response.text();
      replayed += 1;
      wrong.push(...differences(name, recording, response, text, ids));
    }
    expect(wrong).toEqual([]);
    expect(replayed).toBe(recordings.size - 7);
  });

  function differences(
    name: string,
    { request, response }: Recording,
    got: Response,
    text: string,
    ids: Map<string, number>,
  ): string[] {
    if (got.status !== response.status)
      return [`${name}: ${response.status} recorded, ${got.status} given ${text.slice(0, 200)}`];
    if (response.bodyKind !== "json" || request!.method === "HEAD") return [];
    const [was, is] = [response.body as Record<string, unknown>, JSON.parse(text) as Record<string, unknown>];
    const data = [was.data, is.data] as { id?: number }[];
    if (request!.path === "/api/followup_request" && data[0]?.id != null) ids.set(String(data[0].id), data[1].id!);
    const call = `${request!.method} ${request!.path}`;
    // Which ids are used up, and which come again: what SkyPortal takes twice and what it doubles shows in them.
    const answers = [was.data, is.data].map((each) => JSON.stringify(each));
    const isOther = /^(?:POST|PUT)/.test(call) && name < "212" && answers[0] !== answers[1];
    return [
      ...(isOther ? [`${name}: ${answers[0]} recorded, ${answers[1]} given`] : []),
      ...shapeDifferences(call, was, is).map((line) => `${name}${line}`),
      ...(was.message === undefined || opening(was.message) === opening(is.message)
        ? []
        : [`${name}: "${opening(was.message)}" recorded, "${opening(is.message)}" given`]),
    ];
  }

  it("lets as many calls through at once as nginx does, and says the rest in HTML", async () => {
    const limited = await startFakeSkyPortal({ isLimited: true });
    const statuses: number[] = [];
    let last = "";
    for (let call = 0; call < 25; call += 1) {
      const response = await fetch(`${limited.url}/api/streams`, { headers });
      statuses.push(response.status);
      last = await response.text();
    }
    await limited.close();
    const recorded = recordings.get("rate-limit-25-in-a-row") as unknown as { statuses: number[] };
    const passed = (list: readonly number[]): number => list.filter((status) => status === 200).length;
    // 11 to 12 of 25 were let through in repeats; a slower test lets one more through for each 0.2 s.
    expect(passed(statuses)).toBeGreaterThanOrEqual(passed(recorded.statuses));
    expect(passed(statuses)).toBeLessThan(20);
    expect(last).toBe(recordings.get("308-nginx-429")!.response.body);
  });

  it("refuses what is announced as too large", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      const call = request(`${fake.url}/api/photometry`, {
        method: "PUT",
        headers: { "Content-Length": 200 * 2 ** 20 },
      });
      call.on("response", (response) => resolve(response.statusCode));
      call.on("error", () => undefined);
      call.flushHeaders();
    });
    expect(status).toBe(recordings.get("310-nginx-413")!.response.status);
  });

  it("behaves as the real one where the same is asked several times at once", async () => {
    const post = async (path: string, body: object): Promise<{ status: number; data: Record<string, unknown> }> => {
      const response = await fetch(fake.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, data: ((await response.json()) as { data: Record<string, unknown> }).data };
    };
    const atOnce = (count: number, path: string, body: object) =>
      Promise.all(Array.from({ length: count }, () => post(path, body)));
    const source = { id: "ZTF26zzzzzza", ra: 1, dec: 2, group_ids: [5] };
    const saves = await atOnce(6, "/api/sources", source);
    expect(saves.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
    const candidate = { ...source, group_ids: undefined, filter_ids: [1], passed_at: "2026-11-30T10:00:00" };
    const ids = (await atOnce(6, "/api/candidates", candidate)).map(({ data }) => String(data.ids));
    expect(new Set(ids).size).toBe(1);
    fake.portal.facility = () => new Promise((resolve) => setTimeout(() => resolve("accepted"), 30));
    const payload = { observation_type: "IFU", priority: 2, start_date: "2026-11-30", end_date: "2026-12-07" };
    addSource(fake.portal, "ZTF26zzzzzzb", 3, 4, true);
    const request = {
      obj_id: "ZTF26zzzzzzb",
      allocation_id: 1,
      payload,
      source_group_ids: [5],
      not_if_duplicates: true,
    };
    const made = await atOnce(4, "/api/followup_request", request);
    expect(made.map(({ data }) => data.request_status)).toEqual(Array(4).fill("submitted"));
  });

  it("answers the calls of @btsbot/policy as the real one did", async () => {
    const list = recordings.get("btsbot-toSkyPortal") as unknown as readonly {
      readonly call: { readonly method: string; readonly path: string; readonly body: object };
      readonly status: number;
      readonly body: unknown;
    }[];
    let requestId = 0;
    fake.portal.facility = () => "accepted";
    for (const { call, status, body } of list) {
      const path = call.path.replace(/(followup_request\/)\d+/, `$1${requestId}`);
      const response = await fetch(fake.url + path, { method: call.method, headers, body: JSON.stringify(call.body) });
      const given = (await response.json()) as { data: { id?: number } };
      expect([call.path, response.status]).toEqual([call.path, status]);
      expect(shapeDifferences(`${call.method} ${call.path}`, body, given)).toEqual([]);
      if (call.path === "/api/followup_request" && given.data.id != null) requestId = given.data.id;
    }
  });
});

describe("a fake SkyPortal that goes wrong on purpose", () => {
  const headers = { Authorization: `token ${TOKENS.bot}` };
  const body = JSON.stringify({ obj_id: "ZTF26aaaaaaa", classification: "Supernova", taxonomy_id: 1, ml: true });

  it.each([
    ["lost", 1, false],
    ["doubled", 2, true],
    ["unheard", 0, false],
    ["late", 1, false],
    ["silent", 0, false],
    ["refused", 0, true],
  ] as const)("%s: %i rows, answered: %s", async (kind, rows, isAnswered) => {
    const faults = { late: { kind: "late", ms: 20 }, refused: { kind: "refused", status: 405 } } as const;
    const fake = await startFakeSkyPortal({
      faultOf: () => (kind === "late" || kind === "refused" ? faults[kind] : { kind }),
    });
    addSource(fake.portal, "ZTF26aaaaaaa", 120, 20, true);
    const signal = AbortSignal.timeout(kind === "silent" ? 100 : 5000);
    const answered = await fetch(`${fake.url}/api/classification`, { method: "POST", headers, body, signal }).then(
      (response) => response.status === (kind === "refused" ? 405 : 200),
      () => false,
    );
    await expect.poll(() => fake.portal.classifications.length).toBe(rows);
    expect(answered).toBe(isAnswered);
    await fake.close();
  });
});
