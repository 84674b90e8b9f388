import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";
import type { RunResult } from "./support/runInProcess.js";

/** SN 2020bcq: two alerts of one night, g 17.55 and r 17.51, both with scores over 0.99. */
const BCQ = { objectId: "ZTF20aajcdad", first: "1127495406315015005", second: "1127536316315015004" };
/** SN 2020oi and SN 2020zi: one alert each, so that a policy of two waits. */
const SINGLE = ["ZTF20aaelulu", "ZTF20aafsnpp"];

describeWithData("the packets of the data folder, decided by btsbot-v1.0.1", (folder) => {
  const cache = mkdtempSync(join(tmpdir(), "btsbot-decide-"));
  const decide = (args: readonly string[], settings = {}): Promise<RunResult> =>
    run(["decide", ...args, `${folder}/alerts`], { cache, ...settings });

  beforeAll(async () => {
    const { status } = await run(
      [
        "models",
        "pull",
        "btsbot-v1.0.1",
        "acai_h",
        "acai_b",
        "acai_n",
        "acai_v",
        "acai_o",
        "--from",
        `${folder}/models`,
      ],
      { cache },
    );
    expect(status).toBe(0);
  }, 60_000);
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it("asks for a spectrum of SN 2020bcq at its second alert, by both policies, and for nothing else", async () => {
    const { status, lines, stderr } = await decide([]);
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining("132 alerts read, 7 passed, 7 scored, 2 decisions (filter bts-production,"),
    ]);
    expect(
      lines().map(({ objectId, candid, jd, policy, action, priority }) => [
        objectId,
        candid,
        jd,
        policy,
        action,
        priority,
      ]),
    ).toEqual([
      [BCQ.objectId, BCQ.second, 2458882.0363194, "bts_p1", "trigger", 1],
      [BCQ.objectId, BCQ.second, 2458882.0363194, "bts_p2", "trigger", 2],
    ]);
    expect((lines()[0].alerts as { candid: string }[]).map(({ candid }) => candid)).toEqual([BCQ.first, BCQ.second]);
  });

  it("saves the supernovae at their first alert, and a fourth source that passes, under gt1", async () => {
    const { lines } = await decide(["--policy", "gt1"]);
    expect(lines().map(({ objectId }) => objectId)).toEqual([SINGLE[0], BCQ.objectId, SINGLE[1], "ZTF21acoshvy"]);
    expect(lines()[1].candid).toBe(BCQ.first);
  });

  it("runs ACAI's classifiers where the filter reads them", async () => {
    const { stderr } = await decide(["--filter", "acai-fritz", "--policy", "gt1"]);
    // As many as pass with the published scores.
    expect(stderr).toContain("132 alerts read, 11 passed, 11 scored");
  });

  it.each(SINGLE)("tells how far %s has come", async (objectId) => {
    const { stdout } = await decide(["--explain", objectId], { isTTY: true, columns: 80 });
    expect(plain(stdout)).toMatch(/filter +passes bts-production\n +score +(0\.99|1\.00)/);
    expect(plain(stdout)).toMatch(/bts_p1 +1 of 2 alerts with score >= 0\.5 and magpsf <= 19/);
    expect(plain(stdout)).not.toContain("fires");
  });

  it("goes on from night to night", async () => {
    const state = join(temporaryFolder(), "state");
    const nights = [
      [`${folder}/alerts/${BCQ.second}.avro`],
      [`${folder}/alerts/${BCQ.first}.avro`],
      [`${folder}/alerts`],
    ];
    const found: unknown[] = [];
    for (const night of nights)
      found.push(
        (await run(["decide", "--state", state, ...night], { cache }))
          .lines()
          .map(({ policy, candid, action }) => [policy, candid, action]),
      );
    expect(found).toEqual([
      [],
      [
        ["bts_p1", BCQ.second, "trigger"],
        ["bts_p2", BCQ.second, "trigger"],
      ],
      [],
    ]);
  });

  it.each([
    ["a-exact.avro", "b-rounded.json"],
    ["b-rounded.json", "a-exact.avro"],
  ])("counts one exposure once, where one of its copies has a rounded id: %s, %s", async (...names) => {
    const files = names.map((name) => `${folder}/cases/same-exposure/${name}`);
    const args = ["decide", "--filter", "none", "--policy", "gt1", "--policy", "bts_p1", ...files];
    const { lines, stderr } = await run(args, { cache });
    expect(lines().map(({ policy, candid }) => [policy, candid])).toEqual([["gt1", BCQ.first]]);
    expect(stderr).toContain("2 alerts read, 2 passed, 2 scored, 1 decision (");
    const each = await run([...args, "--counted-by", "candids"], { cache });
    expect(each.lines().map(({ policy }) => policy)).toEqual(["gt1", "bts_p1"]);
    const state = join(temporaryFolder(), "state");
    for (const file of files) await run(["decide", "--filter", "none", "--state", state, file], { cache });
    expect((await run(["decide", "--filter", "none", "--state", state, ...files], { cache })).stdout).toBe("");
  });

  it("counts three candidates of one exposure once, in decide and in backtest", async () => {
    const out = temporaryFolder();
    const files = [7, 8, 9].map((last) => `${folder}/cases/same-exposure/ZTF18acruwxq__139134545581501501${last}.avro`);
    const policy = join(out, "three.json");
    writeFileSync(policy, '{"name":"three","action":"save","require":[{"count":3,"where":[]}]}');
    const decide3 = (...more: string[]) =>
      run(["decide", "--filter", "none", "--policy", policy, ...more, ...files], { cache });
    expect((await decide3()).lines()).toEqual([]);
    expect((await decide3("--counted-by", "candids")).lines()).toHaveLength(1);
    const [scores, truth] = [join(out, "s.jsonl"), join(out, "t.csv")];
    writeFileSync(scores, (await run(["score", "--model", "btsbot-v1.0.1", ...files], { cache })).stdout);
    writeFileSync(truth, "objectId,label\nZTF18acruwxq,0\n");
    const backtest = async (...more: string[]) =>
      (await run(["backtest", policy, "-s", scores, "-t", truth, ...more], { cache })).lines()[0];
    expect(await backtest()).toMatchObject({
      alertCount: 1,
      copies: 2,
      policies: [{ requests: { nights: [{ requests: 0 }] } }],
    });
    expect(await backtest("--counted-by", "candids")).toMatchObject({
      alertCount: 3,
      copies: 0,
      policies: [{ requests: { nights: [{ requests: 1 }] } }],
    });
  });
});
