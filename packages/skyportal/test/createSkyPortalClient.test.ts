import { BtsbotError } from "@btsbot/errors";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createPortal, TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeOptions, FakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import { addSource, readRecordings } from "../../../test/support/skyportal/replay.js";
import { describeWithData } from "../../../test/support/testData.js";
import { classifyAnswer } from "../src/classifyAnswer.js";
import { createSkyPortalClient } from "../src/index.js";
import type { PortalNotice, PortalTime, SkyPortalOptions } from "../src/index.js";
import { retryDelay } from "../src/retryDelay.js";

/** Time that passes when somebody waits. */
function createTime(): PortalTime & { readonly slept: number[] } {
  let now = Date.parse("2026-12-01T00:00:00Z");
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

let fake: FakeSkyPortal | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function open(options: FakeOptions = {}, more: Partial<SkyPortalOptions> = {}) {
  fake = await startFakeSkyPortal(options);
  addSource(fake.portal, "ZTF26aaaaaaa", 120, 20, true);
  const time = createTime();
  const client = createSkyPortalClient({ url: fake.url, token: TOKENS.bot, time, random: () => 0.5, ...more });
  return { fake, time, client };
}

const classification = { obj_id: "ZTF26aaaaaaa", classification: "Supernova", taxonomy_id: 1, ml: true };
const post = { method: "POST", path: "/api/classification", body: classification } as const;
const read = { method: "GET", path: "/api/streams" } as const;

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof BtsbotError ? error.code : String(error);
}

describe("createSkyPortalClient", () => {
  it("spaces calls by the rate, those made at once too", async () => {
    const { client, time } = await open();
    const began = time.now();
    await Promise.all(Array.from({ length: 9 }, () => client.call(read)));
    expect(time.now() - began).toBeGreaterThanOrEqual(2000);
    expect(time.slept.every((ms) => ms > 0)).toBe(true);
  });

  it.each(["rate", "tries", "timeoutMs"])("refuses a %s that would be none, or no limit", (name) => {
    for (const value of [0, -1, NaN, Infinity])
      expect(() => createSkyPortalClient({ url: "https://a.example", token: "t", [name]: value })).toThrow(
        `expected \`${name}\` to be a number above 0, got ${value}`,
      );
  });

  it("is never turned away at its usual rate, and is where it asks faster", async () => {
    const time = createTime();
    const { client, fake: portal } = await open({ isLimited: true, portal: createPortal(time.now) }, { time });
    for (let call = 0; call < 60; call += 1) await client.call(read);
    expect(portal.calls.filter(({ status }) => status !== 200)).toEqual([]);
    const hasty = createSkyPortalClient({ url: portal.url, token: TOKENS.bot, time, rate: 1000, tries: 1 });
    expect(await codeOf(Promise.all(Array.from({ length: 30 }, () => hasty.call(read))))).toBe("skyportal-unreachable");
  });

  it("gives what is asked for, and refusals with SkyPortal's reason", async () => {
    const { client } = await open();
    expect(await client.call(post)).toEqual({ state: "ok", data: { classification_id: 1 } });
    expect(await client.call({ method: "HEAD", path: "/api/sources/ZTF26aaaaaaa" })).toEqual({
      state: "ok",
      data: null,
    });
    const refused = await client.call({ ...post, body: { ...classification, classification: "Kilonova" } });
    expect(refused).toMatchObject({ state: "refused", status: 400, message: expect.stringContaining("Kilonova") });
  });

  it("cuts the token out of SkyPortal's own words", async () => {
    const { client } = await open();
    const refused = await client.call({ ...post, body: { ...classification, group_ids: [7] } });
    expect(refused).toMatchObject({ state: "refused" });
    expect(JSON.stringify(refused)).not.toContain(TOKENS.bot);
    expect(JSON.stringify(refused)).toContain("Token ***");
  });

  it("says that a token is not taken, without it, and does not ask again", async () => {
    const { client, fake: portal } = await open({}, { token: "5e6f1e31-92a8-4a73-8b6c-0d9d65a5c2de" });
    const error = await client.call(post).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "skyportal-unauthorized" });
    expect(String((error as Error).stack)).not.toContain("5e6f1e31");
    expect(portal.calls.length).toBe(1);
  });

  it("asks again with growing pauses while the app restarts, and says so", async () => {
    const notices: PortalNotice[] = [];
    const onNotice = (notice: PortalNotice): void => {
      notices.push(notice);
      if (notices.length === 3) portal.outage = undefined;
    };
    const { client, fake: portal } = await open({}, { onNotice });
    portal.outage = "app";
    expect(await client.call(post)).toMatchObject({ state: "ok" });
    expect(portal.portal.classifications.length).toBe(1);
    expect(notices[0]).toMatchObject({
      call: "POST /api/classification",
      why: "405: Method Not Allowed",
      againMs: 750,
    });
    expect(notices[1].againMs).toBe(1500);
  });

  it.each([
    ["database", undefined],
    ["app", undefined],
    ["all", "unsure"],
  ] as const)("of a write during an outage (%s): nothing was done, or nobody knows", async (outage, state) => {
    const { client, fake: portal } = await open({}, { tries: 3 });
    portal.outage = outage;
    if (state === undefined) {
      expect(await codeOf(client.call(post))).toBe("skyportal-unreachable");
      expect(portal.calls.length).toBe(3);
    } else {
      expect(await client.call(post)).toMatchObject({ state });
      expect(portal.calls.length).toBe(1);
    }
  });

  it.each(["lost", "late", "unheard", "silent"] as const)(
    "a write whose answer never comes (%s) is unsure, and made once; one that may be repeated is made again",
    async (kind) => {
      const fault = kind === "late" ? { kind, ms: 20 } : { kind };
      const { client, fake: portal } = await open({ faultOf: () => fault }, { timeoutMs: 100 });
      expect(await client.call(post)).toMatchObject({ state: "unsure" });
      expect(portal.calls.length).toBe(1);
      portal.faultOf = (_, number) => (number < 4 ? fault : undefined);
      expect(await client.call({ ...post, repeatable: true })).toMatchObject({ state: "ok" });
      expect(portal.calls.length).toBe(4);
    },
  );

  it("waits as long as it is told to", async () => {
    const busy = { kind: "refused", status: 429, headers: { "Retry-After": "30" } } as const;
    const { client, time } = await open({ faultOf: (_, number) => (number === 1 ? busy : undefined) });
    await client.call(read);
    expect(time.slept).toContain(30_000);
  });

  it("ends with the signal's reason, whether it waits or asks", async () => {
    const { client } = await open({ faultOf: () => ({ kind: "silent" }) });
    const ending = new AbortController();
    const asked = client.call({ ...read, signal: ending.signal });
    setTimeout(() => ending.abort(new Error("that is all")), 20);
    expect(await codeOf(asked)).toBe("Error: that is all");
  });

  it("refuses what cannot be sent, and addresses that would show the token", async () => {
    const { client, fake: portal } = await open();
    expect(await codeOf(client.call({ ...post, body: { probability: NaN } }))).toBe("skyportal-body");
    expect(portal.calls.length).toBe(0);
    for (const url of ["fritz.science", "http://fritz.science", "https://me:secret@fritz.science"])
      expect(() => createSkyPortalClient({ url, token: "t" })).toThrow(/https|token/);
  });

  it("sends the token nowhere else", async () => {
    const elsewhere = { kind: "refused", status: 302, headers: { Location: "http://127.0.0.1:1/" } } as const;
    const { client } = await open({ faultOf: () => elsewhere });
    expect(await client.call(read)).toMatchObject({ state: "refused", status: 302 });
  });
});

describeWithData("answers of a real SkyPortal", (folder) => {
  it("are classified as the facts say", () => {
    const by: Record<string, Set<number>> = {};
    for (const { request, response } of readRecordings(folder).values()) {
      if (request === undefined) continue;
      const text = typeof response.body === "string" ? response.body : JSON.stringify(response.body);
      const isHead = request.method === "HEAD";
      const { kind } = classifyAnswer({ isHead, status: response.status, text, retryAfter: null });
      (by[kind] ??= new Set()).add(response.status);
    }
    const sorted = Object.fromEntries(Object.entries(by).map(([kind, all]) => [kind, [...all].sort((a, b) => a - b)]));
    expect(sorted).toEqual({
      ok: [200],
      unauthorized: [401],
      // 405 is the app's own, in JSON.
      refused: [400, 403, 404, 405, 500],
      // 405 is what stands in for it; 503 says that nothing was begun.
      undone: [405, 429, 503],
      // 503 of a head has no words.
      unsure: [502, 503],
    });
  });
});

it("a pause is never shorter than half of its length or what is asked for, nor longer than ten minutes", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(2000), fc.double({ min: 0, max: 1, noNaN: true }), (tried, asked, chance) => {
      const pause = Math.min(60_000, 1000 * 2 ** tried);
      const ms = retryDelay(tried + 1, String(asked), 0, chance);
      expect(ms).toBeGreaterThanOrEqual(Math.max(pause / 2, Math.min(asked * 1000, 600_000)));
      expect(ms).toBeLessThanOrEqual(Math.max(pause, Math.min(asked * 1000, 600_000)));
    }),
  );
});
