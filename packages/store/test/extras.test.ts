import type { ExportedTable, SqlStore } from "@btsbot/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations.js";
import { FIRST, makeChange } from "./makeChange.js";
import { openFolder } from "./openFolder.js";
import type { FolderStore } from "./openFolder.js";

let opened: FolderStore;
let store: SqlStore;
beforeEach(async () => {
  opened = await openFolder();
  ({ store } = opened);
  for (const [night, sources] of [
    [0, ["a", "b"]],
    [9, ["b"]],
  ] as const) {
    const unit = await store.begin();
    await unit.save(makeChange(sources, night, 3));
    await unit.commit();
  }
  await store.setLabels([
    { objectId: "a", labeller: "me", label: "SN Ia", jd: FIRST + 1, note: "é" },
    { objectId: "b", labeller: "me", label: "AGN", jd: FIRST + 1 },
  ]);
});
afterEach(() => opened.remove());

async function rowsOf(table: ExportedTable): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of store.export(table)) rows.push(JSON.parse(JSON.stringify(row)) as Record<string, unknown>);
  return rows;
}

describe("info", () => {
  it("counts what there is", async () => {
    const info = await store.info();
    expect(info).toMatchObject({
      version: MIGRATIONS.length,
      sources: 2,
      alerts: 3,
      labels: 2,
      nights: [FIRST, FIRST + 9],
      outbox: { action: { pending: 2, done: 0, refused: 0 }, decision: { pending: 2, done: 0, refused: 0 } },
      cursors: { made: "9" },
    });
    expect(info.bytes).toBeGreaterThan(50_000);
  });

  it("is of an empty store, too", async () => {
    const empty = await openFolder();
    const info = await empty.store.info();
    expect(info).toMatchObject({ sources: 0, outbox: {}, cursors: {} });
    expect(info).not.toHaveProperty("nights");
    await empty.remove();
  });
});

describe("export", () => {
  it("writes every table, ids as texts", async () => {
    const candid = "2000000000000000000";
    expect((await rowsOf("sources")).map(({ objectId, lastSeen }) => [objectId, lastSeen])).toEqual([
      ["a", FIRST],
      ["b", FIRST + 9],
    ]);
    expect((await rowsOf("alerts"))[0]).toMatchObject({
      objectId: "a",
      candid,
      score: 0.9,
      provenance: { model: "stub" },
    });
    const points = await rowsOf("points");
    expect(points).toContainEqual(expect.objectContaining({ objectId: "a", candid, jd: FIRST, magpsf: 18.2 }));
    expect(points).toHaveLength((await store.info()).detections + (await store.info()).limits);
    expect((await rowsOf("outbox"))[0]).toMatchObject({ number: 1, kind: "decision", key: "a/gt2", state: "pending" });
    expect(await rowsOf("labels")).toEqual([
      { objectId: "a", labeller: "me", label: "SN Ia", jd: FIRST + 1, note: "é" },
      { objectId: "b", labeller: "me", label: "AGN", jd: FIRST + 1 },
    ]);
  });

  it("goes on beyond a page", async () => {
    const many = Array.from({ length: 1201 }, (_, index) => `many${String(index).padStart(5, "0")}`);
    const unit = await store.begin();
    await unit.save(makeChange(many, 20, 0));
    await unit.commit();
    expect((await rowsOf("alerts")).map(({ objectId }) => objectId)).toEqual(["a", "b", "b", ...many]);
    expect(await rowsOf("outbox")).toHaveLength(4 + 2 * many.length);
  });
});

describe("what is not public", () => {
  it("is written out only when asked for", async () => {
    const change = makeChange(["private"], 40, 0);
    const alerts = change.alerts!.map((each) => ({
      ...each,
      alert: { ...each.alert, candidate: { ...each.alert.candidate, programid: 2 } },
    }));
    const unit = await store.begin();
    await unit.save({ ...change, alerts });
    await unit.commit();
    for (const table of ["sources", "points", "alerts", "outbox"] as const) {
      const names = async (nonPublic: boolean): Promise<unknown[]> => {
        const found = new Set<unknown>();
        for await (const { objectId } of store.export(table, { nonPublic })) found.add(objectId);
        return [...found].sort();
      };
      expect(await names(false), table).toEqual(["a", "b"]);
      expect(await names(true), table).toEqual(["a", "b", "private"]);
    }
  });
});

describe("prune", () => {
  it("removes what was measured of sources not seen since, and nothing that keeps from asking twice", async () => {
    const before = { ...(await store.info()) };
    const points = (await store.points(["a"])).get("a")!.length;
    expect(await store.prune(FIRST + 5)).toEqual({ sources: 1, points, alerts: 1 });
    expect(await store.prune(FIRST + 5)).toEqual({ sources: 0, points: 0, alerts: 0 });
    expect((await store.points(["a"])).size).toBe(0);
    expect((await store.points(["b"])).size).toBe(1);
    expect((await store.load(["a"])).get("a")!.issued).toEqual(["a/gt2"]);
    const after = await store.info();
    expect([after.alerts, after.labels, after.outbox]).toEqual([2, before.labels, before.outbox]);
    // The source comes again, and is measured anew.
    const unit = await store.begin();
    await unit.save(makeChange(["a"], 30, 3));
    await unit.commit();
    expect((await store.points(["a"])).get("a")).toHaveLength(4);
  });
});

describe("labels", () => {
  it("keeps the last of each labeller, and takes one back", async () => {
    const label = { objectId: "a", labeller: "me", label: "TDE", jd: FIRST + 2 };
    await store.setLabels([label, { ...label, labeller: "you", label: "SN" }]);
    expect(await store.labels(["a"])).toEqual([label, { ...label, labeller: "you", label: "SN" }]);
    await store.setLabels([{ ...label, label: null }]);
    expect((await store.labels(["a", "b"])).map(({ objectId, labeller }) => [objectId, labeller])).toEqual([
      ["a", "you"],
      ["b", "me"],
    ]);
    expect(await store.labels([])).toEqual([]);
  });
});

describe("stamps", () => {
  it("are kept where they are wanted", async () => {
    const size = async (): Promise<number> => (await store.info()).bytes;
    const withStamps = async (night: number): Promise<void> => {
      const change = makeChange(["z"], night, 0);
      const stampData = new Uint8Array(500_000).fill(night);
      const alerts = change.alerts!.map((each) => ({
        ...each,
        alert: { ...each.alert, cutoutScience: { stampData } },
      }));
      const unit = await store.begin();
      await unit.save({ ...change, alerts });
      await unit.commit();
    };
    const before = await size();
    await withStamps(1);
    expect((await size()) - before).toBeLessThan(200_000);
    store = await opened.reopen({ stamps: true });
    const reopened = await size();
    await withStamps(2);
    expect((await size()) - reopened).toBeGreaterThan(500_000);
  });
});
