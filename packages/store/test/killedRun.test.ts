import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, shuffle } from "@btsbot/chance";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { crashPoints } from "../../../test/support/crashPoints.js";
import { root } from "../../../test/support/packages.js";

/** Where a run may die: before and after each call of each seam. */
const SEAMS = ["judge", "begin", "load", "save", "commit", "take", "answer"];
const POINTS = SEAMS.flatMap((seam) => [`before ${seam}`, `after ${seam}`]);

/** A night of 40 alerts of 8 sources by the loop, decisions into a file; it dies the second time that it comes to a point. */
function programOf(folder: string, point: string): string {
  const of = (name: string): string => JSON.stringify(`${root}packages/${name}/dist/index.js`);
  return `
    import { appendFileSync, existsSync, readFileSync } from "node:fs";
    const { openStore } = await import(${of("store")});
    const { createDecider, runDecisions } = await import(${of("decide")});
    const { getPolicy } = await import(${of("policy")});
    ${crashPoints(JSON.stringify(point), "2")}
    const alerts = Array.from({ length: 40 }, (_, i) => ({
      objectId: "s" + (i % 8),
      candid: 9007199254740993n + BigInt(i),
      candidate: { jd: 2460000.75 + Math.floor(i / 8), fid: 1, magpsf: 18 + (i % 3) / 10 },
    }));
    const provenance = { model: "stub" };
    const judge = at("judge", async (all) => all.map((each) => ({ ...each, result: { status: "scored", score: 0.99, flags: [], provenance } })));
    const source = {
      name: "night",
      async *batches({ after = "0" } = {}) {
        for (let from = Number(after); from < alerts.length; from += 5)
          yield { items: alerts.slice(from, from + 5).map((alert, index) => ({ file: "night", index, alert })), cursor: String(from + 5) };
      },
    };
    const file = ${JSON.stringify(join(folder, "..", "said.jsonl"))};
    const sink = {
      kind: "decision",
      recall: async (entries) => {
        const said = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\\n") : []);
        return new Set(entries.filter(({ key }) => said.has(key)).map(({ key }) => key));
      },
      take: at("take", async (entries) => entries.map(({ key }) => (appendFileSync(file, key + "\\n"), { state: "done" }))),
    };
    const real = await openStore(${JSON.stringify(folder)}, { waitMs: 0 });
    const begin = async () => {
      const unit = await real.begin();
      return { ...unit, load: at("load", unit.load), save: at("save", unit.save), commit: at("commit", unit.commit) };
    };
    const store = { ...real, begin: at("begin", begin), answer: at("answer", real.answer) };
    const policies = ["gt1", "gt2", "bts_p2"].map((name) => getPolicy(name));
    await runDecisions({ source, judge, decider: createDecider({ policies }), store, sinks: [sink], clock: () => 2460010 });
    await real.close();
  `;
}

/** Runs it; the signal that ended it, or its status. */
function run(folder: string, point: string): Promise<NodeJS.Signals | number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", programOf(folder, point)], { stdio: "inherit" });
  return new Promise((resolve) => child.once("exit", (status, signal) => resolve(signal ?? status!)));
}

async function night(points: readonly string[]): Promise<string[]> {
  const base = await mkdtemp(join(tmpdir(), "btsbot-killed-"));
  try {
    const folder = join(base, "run");
    for (const point of points) expect([point, await run(folder, point)]).toEqual([point, "SIGKILL"]);
    expect(await run(folder, "never")).toBe(0);
    expect(existsSync(join(base, "said.jsonl"))).toBe(true);
    return readFileSync(join(base, "said.jsonl"), "utf8").trim().split("\n");
  } finally {
    await rm(base, { recursive: true });
  }
}

describe("a run that dies anywhere, and is started again", () => {
  let whole: string[];
  beforeAll(async () => {
    setup(() => undefined);
    whole = await night([]);
  });
  afterAll(() => expect(whole.length).toBeGreaterThan(10));

  it.each([1, 2])("says every decision once, in the same order (%i)", async (seed) => {
    // Each run gets as far as its second coming to its point: three to a night leave enough to come to.
    const points = shuffle(POINTS, createRandom(seed)).slice(0, 3);
    expect(await night(points)).toEqual(whole);
  });

  it.each(POINTS)("dies %s", async (point) => {
    expect(await night([point])).toEqual(whole);
  });
});
