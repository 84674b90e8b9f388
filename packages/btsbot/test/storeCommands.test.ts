import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getPolicy } from "@btsbot/policy";
import { openStore } from "@btsbot/store";
import { beforeEach, describe, expect, it } from "vitest";
import { run, temporaryFolder } from "./support/runInProcess.js";

const JD = 2460000.75;
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

async function fill(): Promise<void> {
  const store = await openStore(folder);
  const unit = await store.begin();
  const candidate = (programid: number) => ({ jd: JD, fid: 1, magpsf: 18.3, programid });
  await unit.save({
    alerts: [
      { file: "a", alert: { objectId: "a", candid: 9007199254740993n, candidate: candidate(1) } },
      { file: "b", alert: { objectId: "b", candid: 2n, candidate: candidate(2) } },
    ],
    entries: [{ kind: "action", key: "a/save", objectId: "a", body: {} }],
    cursor: { source: "night", value: "7" },
  });
  await unit.commit();
  await store.close();
}

describe("store import", () => {
  it("makes no store where there is nothing to take over", async () => {
    const { status, stdout, stderr } = await run([
      "store",
      "import",
      join(folder, "new"),
      "--from",
      join(folder, "old"),
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(`btsbot: ${join(folder, "old", "state.jsonl")}: there is nothing to take over\n`);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });
});

describe("store info", () => {
  it("says what there is, in words on a terminal", async () => {
    await fill();
    const { status, lines, stderr } = await run(["store", "info", folder]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(lines()).toEqual([expect.objectContaining({ sources: 2, alerts: 2, cursors: { night: "7" } })]);
    const { stdout } = await run(["store", "info", folder], { isTTY: true, env: { NO_COLOR: "1" } });
    expect(stdout).toContain("  sources   2 sources\n");
    expect(stdout).toContain("  actions   0 done, 1 to be handed over, 0 refused\n");
    expect(stdout).toContain("  read      night up to 7\n");
  });

  it("makes no store where there is none, and says so in one line", async () => {
    const { status, stdout, stderr } = await run(["store", "info", folder]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      `btsbot: ${join(folder, "btsbot.db")}: there is no store. Give the folder that a run used, or start a run first.\n`,
    );
  });

  it("looks beside a run", async () => {
    await fill();
    const store = await openStore(folder);
    const unit = await store.begin();
    expect((await run(["store", "info", folder])).status).toBe(0);
    await unit.rollback();
    await store.close();
  });
});

describe("store export", () => {
  it("writes rows with exact ids, and what is not public only when asked", async () => {
    await fill();
    const points = (...more: string[]) => run(["store", "export", folder, "--table", "points", ...more]);
    expect((await points()).lines()).toEqual([
      { objectId: "a", candid: "9007199254740993", jd: JD, fid: 1, magpsf: 18.3, programid: 1 },
    ]);
    expect((await points("--non-public")).lines().map(({ objectId }) => objectId)).toEqual(["a", "b"]);
  });

  it("says which tables there are", async () => {
    const { status, stderr } = await run(["store", "export", folder, "--table", "stars"]);
    expect(status).toBe(2);
    expect(stderr).toContain("sources, points, alerts, outbox, labels");
  });
});

describe("store prune", () => {
  it("removes what was last seen before", async () => {
    await fill();
    const prune = (before: string) => run(["store", "prune", folder, "--before", before]);
    expect((await prune(String(JD))).stdout).toBe("Removed 0 points and 0 alerts of 0 sources\n");
    expect((await prune("2023-02-26")).stdout).toBe("Removed 2 points and 2 alerts of 2 sources\n");
    expect((await prune("yesterday")).status).toBe(2);
    const future = await prune("2131-01-01");
    expect([future.status, future.stdout]).toEqual([2, ""]);
    expect(future.stderr).toMatch(/^btsbot: --before 2131-01-01 00:00 is in the future/);
  });
});

describe("store import", () => {
  it("takes over an old state, once, and leaves it", async () => {
    const { source: _, ...policy } = getPolicy("gt1");
    const text = [
      { format: "btsbot-decide", version: 1, model: { name: "m", sha256: "0" }, filter: null, policies: [policy] },
      { objectId: "a", matches: { gt1: [[["5", JD, 18, 0.9, 1]]] }, issued: ["a/save"] },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");
    const path = join(folder, "state.jsonl");
    const end = { sources: 1, sha256: createHash("sha256").update(text).digest("hex") };
    writeFileSync(path, `${text}${JSON.stringify(end)}\n`);
    const before = readFileSync(path, "utf8");
    const first = await run(["store", "import", folder]);
    expect([first.status, first.stdout]).toEqual([0, "Took over 1 source and 2 keys of what had been printed\n"]);
    expect((await run(["store", "import", folder])).stdout).toMatch(/^Nothing to take over/);
    expect(readFileSync(path, "utf8")).toBe(before);
    const elsewhere = temporaryFolder();
    expect((await run(["store", "import", elsewhere, "--from", folder])).stdout).toMatch(/^Took over 1 source/);
  });
});
