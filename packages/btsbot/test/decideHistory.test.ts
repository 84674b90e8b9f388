import { join } from "node:path";
import type { Alert } from "@btsbot/alert";
import { createRandom, shuffle } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

/** Days between alerts, and how many there are: ninety days. */
const [STEP, ALERTS] = [3, 31];
/** What a packet of the survey holds, days. */
const HELD = 30;
const JD = alertOf({ day: 0 }).candidate.jd;

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillAgeModel(temporaryFolder());
});

/** Alerts of one source over ninety days, by date, each with the detections of thirty days before it. */
function longCurve(): Alert[] {
  const alerts = Array.from({ length: ALERTS }, (_, index) => alertOf({ day: index * STEP }));
  return alerts.map((alert, index) => ({
    ...alert,
    // Nobody says when it began: the light curve does, as far as it goes back.
    candidate: { ...alert.candidate, jdstarthist: null },
    prv_candidates: alerts
      .slice(Math.max(0, index - HELD / STEP), index)
      .map(({ candid, candidate: { jd, fid, magpsf } }) => ({ candid, jd, fid, magpsf: magpsf!, isdiffpos: "t" })),
  }));
}

async function decide(alerts: readonly Alert[], state: string, more: readonly string[] = ["--history"]) {
  const input = writePacket(folder, "night.avro", alerts);
  const result = await run(["decide", "--filter", "none", "--policy", "gt1", "--state", state, ...more, input], {
    cache,
  });
  expect([result.status, result.stderr]).toEqual([0, expect.not.stringContaining("could not")]);
  return result;
}

interface KeptScore {
  readonly jd: number;
  readonly score: number;
  readonly provenance: { readonly history?: { readonly points: number; readonly firstJd: number } };
}

async function scoresIn(state: string): Promise<KeptScore[]> {
  const store = await openStore(state, { access: "watch" });
  const rows: KeptScore[] = [];
  for await (const row of store.export("alerts", { nonPublic: true })) rows.push(row as unknown as KeptScore);
  await store.close();
  return rows.sort((a, b) => a.jd - b.jd);
}

/** The age model's score (see `fillAgeModel`). */
const scoreAt = (age: number): number => 1 / (1 + Math.exp(2 - age / 10));

/** By hand: the age since the first of all detections, as in the training. */
function expectWhole(kept: readonly KeptScore[]): void {
  expect(kept).toHaveLength(ALERTS);
  for (const [index, { jd, score, provenance }] of kept.entries()) {
    expect(jd).toBeCloseTo(JD + index * STEP, 6);
    expect(score).toBeCloseTo(scoreAt(index * STEP), 5);
    expect(provenance.history).toEqual({ points: index + 1, firstJd: JD });
  }
}

describe("decide --history", () => {
  it("makes features of ninety days, as the training did; without it, of the packet's thirty", async () => {
    const alerts = longCurve();
    const [long, short] = [join(folder, "long"), join(folder, "short")];
    for (let night = 0; night < ALERTS; night += 8) {
      await decide(alerts.slice(night, night + 8), long);
      await decide(alerts.slice(night, night + 8), short, []);
    }
    expectWhole(await scoresIn(long));
    const kept = await scoresIn(short);
    expect(kept.map(({ provenance }) => provenance.history)).toEqual(kept.map(() => undefined));
    for (const [index, { score }] of kept.entries())
      expect(score).toBeCloseTo(scoreAt(Math.min(HELD, index * STEP)), 5);
  });

  it("starts at jdstarthist where that is before the first point, and never sees a later point", async () => {
    const [first, second, third] = [60, 0, 80].map((day) => alertOf({ day, age: 5 }));
    const state = join(folder, "state");
    // The second comes late: what is kept already is later than it.
    for (const alert of [first, second, third]) await decide([alert], state);
    const kept = await scoresIn(state);
    expect(kept.map(({ provenance }) => provenance.history)).toEqual([
      { points: 1, firstJd: JD },
      { points: 1, firstJd: JD + 60 },
      { points: 3, firstJd: JD },
    ]);
    for (const [index, age] of [5, 5, 80].entries()) expect(kept[index].score).toBeCloseTo(scoreAt(age), 5);
  });

  it("gives the same however the nights are cut, and in whatever order a night's alerts are", async () => {
    const alerts = longCurve();
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: ALERTS - 1 }), { maxLength: 3 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer(), async (unsorted, seed) => {
        const state = join(folder, `state${(round += 1)}`);
        const ends = [0, ...unsorted.sort((a, b) => a - b), ALERTS];
        for (const [index, end] of ends.slice(1).entries())
          await decide(shuffle(alerts.slice(ends[index], end), createRandom(seed)), state);
        expectWhole(await scoresIn(state));
      }),
      { numRuns: 8 },
    );
  });

  it("tells a source's story with the state's light curve", async () => {
    const alerts = longCurve();
    const state = join(folder, "state");
    await decide(alerts.slice(0, -1), state);
    const { lines } = await decide(alerts.slice(-1), state, ["--history", "--explain", alerts[0].objectId]);
    expect((lines()[0].result as KeptScore).score).toBeCloseTo(scoreAt(90), 5);
  });

  it("needs a state, and scores in one thread", async () => {
    const input = writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
    const { status, stderr } = await run(["decide", "--history", input], { cache });
    expect([status, stderr]).toEqual([2, expect.stringContaining("--history reads light curves from --state")]);
    const { stderr: told } = await decide([alertOf({ day: 0 })], join(folder, "state"), ["--history", "--jobs", "2"]);
    expect(told).toContain("--history reads light curves in one thread: --jobs is ignored");
  });
});
