import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getPolicy } from "@btsbot/policy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFolder } from "./openFolder.js";
import type { FolderStore } from "./openFolder.js";

const { source: _, ...GT2 } = getPolicy("gt2");
const MAKER = { model: { name: "btsbot-v1", sha256: "0123" }, filter: null, policies: [GT2] };
/** Ids as texts, the score absent, null and there. */
const ROWS = [
  ["1127495406315015005", 2460000.7512345, 18.3, 0.9, 1],
  ["-9007199254740993", 2460001.75, 18.2, null, 2],
];
const LINES = [
  { format: "btsbot-decide", version: 1, ...MAKER },
  { objectId: "a", matches: { gt2: [ROWS] }, issued: ["a/gt2/save", "a/gt2/trigger"] },
  { objectId: "b", matches: { gt2: [[ROWS[0].slice(0, 4)]] } },
  { objectId: "c", matches: {} },
];

let opened: FolderStore;
beforeEach(async () => {
  opened = await openFolder();
});
afterEach(() => opened.remove());

const path = (): string => join(opened.folder, "state.jsonl");
async function writeState(lines: readonly object[]): Promise<string> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const end = { sources: lines.length - 1, sha256: createHash("sha256").update(text).digest("hex") };
  await writeFile(path(), `${text}${JSON.stringify(end)}\n`);
  return readFile(path(), "utf8");
}

describe("importStateFolder", () => {
  it("takes a state of earlier versions over, once, and leaves its file as it is", async () => {
    const text = await writeState(LINES);
    expect(await opened.store.importStateFolder(opened.folder)).toEqual({ sources: 3, keys: 3 });
    expect(await readFile(path(), "utf8")).toBe(text);
    const store = await opened.reopen();
    const kept = await store.load(["a", "b", "c"]);
    expect(kept.get("a")!.issued).toEqual(["a/gt2/save", "a/gt2/trigger"]);
    expect(kept.get("a")!.state.policies.gt2).toMatchObject({
      policy: "gt2",
      objectId: "a",
      matches: [
        [
          { candid: "1127495406315015005", jd: 2460000.7512345, magpsf: 18.3, score: 0.9, fid: 1 },
          { candid: "-9007199254740993", jd: 2460001.75, magpsf: 18.2, fid: 2 },
        ],
      ],
    });
    expect(kept.get("b")!.state.policies.gt2.matches[0]).toHaveLength(1);
    expect(kept.get("c")).toEqual({ state: { policies: {} }, issued: [] });
    // What was printed is done.
    expect([...(await store.pending("action")), ...(await store.pending("decision"))]).toEqual([]);
    expect((await store.info()).outbox).toMatchObject({ action: { done: 2 }, decision: { done: 1 } });
    expect(await store.adopt(MAKER)).toEqual([]);
    await writeState([...LINES, { objectId: "late", matches: {} }]);
    expect(await store.importStateFolder(opened.folder)).toBeUndefined();
    expect((await store.load(["late"])).size).toBe(0);
  });

  it("takes nothing where there is nothing, and can do it later", async () => {
    expect(await opened.store.importStateFolder(opened.folder)).toBeUndefined();
    await writeState(LINES);
    expect(await opened.store.importStateFolder(opened.folder)).toEqual({ sources: 3, keys: 3 });
  });

  it.each<[string, (text: string) => string, string]>([
    ["cut short", (text) => text.slice(0, -30), "state-damaged"],
    ["changed", (text) => text.replace("18.3", "18.4"), "state-damaged"],
    ["empty", () => "", "state-damaged"],
  ])("refuses a file that was %s, and keeps nothing of it", async (__, damage, code) => {
    await writeFile(path(), damage(await writeState(LINES)));
    await expect(opened.store.importStateFolder(opened.folder)).rejects.toMatchObject({ code });
    expect((await opened.store.info()).sources).toBe(0);
  });

  it("refuses a line that it cannot understand, another format, and a store that has states", async () => {
    await writeState([...LINES, { objectId: "d", matches: { gt2: [[["x", "y"]]] } }]);
    await expect(opened.store.importStateFolder(opened.folder)).rejects.toMatchObject({
      code: "state-damaged",
      path: `${path()}:5`,
    });
    expect((await opened.store.info()).sources).toBe(0);
    await writeState([{ ...LINES[0], version: 2 }]);
    await expect(opened.store.importStateFolder(opened.folder)).rejects.toMatchObject({ code: "state-mismatch" });
    const unit = await opened.store.begin();
    await unit.save({ states: new Map([["mine", { policies: {} }]]) });
    await unit.commit();
    await writeState(LINES);
    await expect(opened.store.importStateFolder(opened.folder)).rejects.toMatchObject({ code: "state-mismatch" });
  });
});
