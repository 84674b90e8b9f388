import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { beforeEach, describe, expect, it } from "vitest";
import { alertOf, candidOf } from "./support/decideAlerts.js";
import { fillAgeModel, fillClassModel, withCutStamp, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";
import type { RunResult, RunSettings } from "./support/runInProcess.js";

const A = "ZTF23aaaaaaa";
const B = "ZTF23aaaaaab";

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillAgeModel(temporaryFolder());
});

/** Without a filter, unless the arguments name one. */
function decide(args: readonly string[], settings: RunSettings = {}): Promise<RunResult> {
  return run(["decide", ...(args.includes("--filter") ? [] : ["--filter", "none"]), ...args], { cache, ...settings });
}

it("decides by the model that ships as long as the published one is not here, and says so, and when that is another", async () => {
  const file = writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
  const state = join(folder, "state");
  const first = await decide([file, "--state", state], { cache: temporaryFolder() });
  expect(first.status).toBe(0);
  expect(first.stderr).toMatch(/^btsbot: .*btsbot-mini.*btsbot models pull btsbot-v1\.0\.1\n/);
  expect(first.stderr).toContain("model btsbot-mini");
  // The published one has come since: that is said, once.
  const second = await decide([file, "--state", state]);
  expect([second.status, second.stderr]).toEqual([
    0,
    expect.stringMatching(/the model is btsbot-v1\.0\.1 .* and was btsbot-mini/),
  ]);
  expect((await decide([file, "--state", state])).stderr).not.toContain("btsbot-mini");
  expect((await decide([file, "--state", state, "--model", "btsbot-mini"])).status).toBe(0);
});

it.each([
  ["profile.json", `{"name": "seen", "features": [{"name": "days", "rule": {"-": ["jd", "jdstarthist"]}}]}`],
  [
    "profile.mjs",
    `const value = ({ alert: { candidate } }) => candidate.jd - candidate.jdstarthist;
    export const profile = { name: "seen", source: "", features: [{ name: "days", unit: "d", meaning: "", path: "", value }] };`,
  ],
])("decides by a model that names a profile of one's own, given by --profile %s", async (file, content) => {
  await fillAgeModel(cache, "mine", [], { name: "seen", length: 1, place: 0 });
  const profile = join(folder, file);
  writeFileSync(profile, content);
  const alerts = [alertOf({ day: 0, age: 40 }), alertOf({ day: 2, magpsf: 18.6, age: 42 })];
  const args = [writePacket(folder, "a.avro", alerts), "--model", "mine"];
  const { status, stderr, lines } = await decide([...args, "--profile", profile]);
  expect([status, lines().map(({ policy }) => policy)], stderr).toEqual([0, ["bts_p1", "bts_p2"]]);
  expect(await decide(args)).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("no feature profile has this name"),
  });
});

describe("JSON Lines", () => {
  it("has a line for each decision, with its reasons, and nothing else on standard output", async () => {
    const alerts = [
      alertOf({ day: 0, age: 40 }),
      alertOf({ day: 2, magpsf: 18.6, age: 42 }),
      alertOf({ day: 3, age: 43 }),
      alertOf({ objectId: B, day: 1, age: 0 }),
    ];
    const { status, stderr, lines } = await decide([writePacket(folder, "a.avro", alerts)]);
    expect(status).toBe(0);
    expect(stderr).toBe(
      "btsbot: 4 alerts read, 4 passed, 4 scored, 2 decisions (filter none, model btsbot-v1.0.1, policies bts_p1, bts_p2)\n",
    );
    expect(lines().map(({ policy }) => policy)).toEqual(["bts_p1", "bts_p2"]);
    expect(Object.keys(lines()[0])).toEqual([
      "objectId",
      "candid",
      "jd",
      "policy",
      "action",
      "priority",
      "reasons",
      "alerts",
      "key",
    ]);
    // 1 / (1 + exp(2 - age / 10))
    expect(lines()[0]).toEqual({
      objectId: A,
      candid: String(candidOf(A, 2)),
      jd: 2460002.75,
      policy: "bts_p1",
      action: "trigger",
      priority: 1,
      reasons: [
        `2 of 2 alerts with score >= 0.5 and magpsf <= 19: ${candidOf(A, 0)} (JD 2460000.7500, magpsf 18.30, score 0.881), ` +
          `${candidOf(A, 2)} (JD 2460002.7500, magpsf 18.60, score 0.900)`,
      ],
      alerts: [
        {
          candid: String(candidOf(A, 0)),
          jd: 2460000.75,
          magpsf: expect.closeTo(18.3, 5) as number,
          score: expect.closeTo(0.8808, 4) as number,
        },
        {
          candid: String(candidOf(A, 2)),
          jd: 2460002.75,
          magpsf: expect.closeTo(18.6, 5) as number,
          score: expect.closeTo(0.9002, 4) as number,
        },
      ],
      key: `${A}/bts_p1`,
    });
    expect(lines()[1]).toMatchObject({
      policy: "bts_p2",
      priority: 2,
      reasons: [expect.stringMatching(/^2 of 2/), expect.stringMatching(/^1 of 1 alert with magpsf <= 18.5: /)],
    });
  });

  it("has the priority null where the policy states none, and the policies in the order given", async () => {
    const { lines } = await decide([
      "-p",
      "gt2",
      "--policy",
      "gt1",
      writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 })]),
    ]);
    expect(lines().map(({ policy, action, priority, candid }) => [policy, action, priority, candid])).toEqual([
      ["gt1", "save", null, String(candidOf(A, 0))],
      ["gt2", "save", null, String(candidOf(A, 1))],
    ]);
  });

  it("takes no number of an alert for its score if the model has none", async () => {
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1, candidate: { drb: null } })]);
    const { status, stderr, stdout } = await decide([file]);
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("2 alerts read, 2 passed, 1 scored, 0 decisions");
  });

  it("tells what cannot be read as btsbot score does, and goes on", async () => {
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const good = writePacket(folder, "good.avro", [alertOf({ day: 0 })]);
    const { status, lines, stderr } = await decide(["-p", "gt1", bad, join(folder, "none.avro"), good]);
    expect(status).toBe(1);
    expect(lines().map(({ file, error, key }) => [file, (error as { code: string } | undefined)?.code, key])).toEqual([
      [bad, "input-unrecognized", undefined],
      [join(folder, "none.avro"), "file-unreadable", undefined],
      [undefined, undefined, `${A}/gt1`],
    ]);
    expect(stderr).toContain("1 alert read, 1 passed, 1 scored, 1 decision ");
    expect(stderr).toContain("2 inputs could not be read");
  });

  it("reads standard input, and folders", async () => {
    writePacket(folder, "b.avro", [alertOf({ day: 1 })]);
    writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
    const { lines } = await decide([folder]);
    expect(lines()).toHaveLength(2);
  });
});

describe("filters", () => {
  it("looks before the model: what is rejected is not scored and does not count", async () => {
    const alerts = [
      alertOf({ day: 0 }),
      alertOf({ day: 1, candidate: { ssdistnr: 1, ssmagnr: 18 } }),
      alertOf({ day: 2 }),
    ];
    const { stderr, lines } = await decide(["--filter", "not-asteroid", writePacket(folder, "a.avro", alerts)]);
    expect(stderr).toContain("3 alerts read, 2 passed, 2 scored, 2 decisions (filter not-asteroid,");
    expect(lines()[0].candid).toBe(String(candidOf(A, 2)));
  });

  it("keeps what it rejects from policies that ask for no score", async () => {
    const path = join(folder, "bright.json");
    writeFileSync(
      path,
      JSON.stringify({ name: "bright", action: "save", require: [{ count: 1, where: ["magpsf <= 18.5"] }] }),
    );
    const file = writePacket(folder, "a.avro", [alertOf({ day: 1, candidate: { ssdistnr: 1, ssmagnr: 18 } })]);
    const args = ["--filter", "not-asteroid", "--policy", path];
    expect((await decide([...args, file])).stdout).toBe("");
    expect((await decide([...args, "--explain", A, file])).lines()).toMatchObject([{ progress: {}, decisions: [] }]);
    expect((await decide(["--policy", path, file])).lines()).toHaveLength(1);
  });

  it("takes the production filter where none is named, and says so", async () => {
    const pass = {
      rb: 0.9,
      neargaia: 30,
      maggaia: 20,
      neargaiabright: 60,
      maggaiabright: 13,
      ssdistnr: -999,
      ssmagnr: -999,
      magnr: 21,
      distnr: 9,
    };
    const past = [{ jd: 2460000.75 - 3, fid: 1, magpsf: 18.9, isdiffpos: "t", candid: 1n }];
    const alerts = [
      { ...alertOf({ day: 0, candidate: pass }), prv_candidates: past },
      { ...alertOf({ day: 1, candidate: pass }), prv_candidates: past },
      alertOf({ day: 2 }),
    ];
    const { stderr, lines } = await run(["decide", writePacket(folder, "a.avro", alerts)], { cache });
    expect(stderr).toContain("3 alerts read, 2 passed, 2 scored, 2 decisions (filter bts-production,");
    expect(lines()).toHaveLength(2);
  });

  it("reads one from a file", async () => {
    const path = join(folder, "bright.filter");
    writeFileSync(
      path,
      JSON.stringify({ name: "mine", description: "Bright", rule: { compare: ["magpsf", "<", 18.5] } }),
    );
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1, magpsf: 18.8 })]);
    expect((await decide(["--filter", path, file])).stderr).toContain(
      "2 alerts read, 1 passed, 1 scored, 0 decisions (filter mine,",
    );
  });

  it("runs the models that it asks for, on what its other checks let through", async () => {
    for (const name of ["acai_h", "acai_b", "acai_n", "acai_v", "acai_o"]) await fillAgeModel(cache, name);
    const path = join(folder, "acai.json");
    const rule = {
      all: [
        { compare: [{ score: "acai_h" }, ">", 0.8] },
        { compare: ["magpsf", "<", 18.5] },
        { compare: [{ score: "acai_b" }, "<", 0.9] },
      ],
    };
    writeFileSync(path, JSON.stringify({ name: "mine", description: "Near a galaxy", rule }));
    // Scores 0.731, 0.881, 0.953; and a faint one.
    const alerts = [
      alertOf({ day: 0, age: 30 }),
      alertOf({ day: 1, age: 40 }),
      alertOf({ day: 2, age: 50 }),
      alertOf({ day: 3, magpsf: 18.8 }),
    ];
    const file = writePacket(folder, "a.avro", alerts);
    const { lines, stderr } = await decide(["--filter", path, "-p", "gt1", file]);
    expect(stderr).toContain("4 alerts read, 1 passed, 1 scored, 1 decision ");
    expect(lines()[0].candid).toBe(String(candidOf(A, 1)));
    const story = (await decide(["--filter", path, "--explain", A, file])).lines() as unknown as {
      filter: { failing: { reason: string }[] };
    }[];
    expect(story.map(({ filter }) => filter.failing.map(({ reason }) => reason))).toEqual([
      [expect.stringMatching(/^score acai_h: 0.73\d* <= 0.8$/)],
      [],
      [expect.stringMatching(/^score acai_b: 0.95\d* >= 0.9$/)],
      ["magpsf 18.8 >= 18.5"],
    ]);
  });

  it("says which model is missing for it", async () => {
    const { status, stderr } = await decide(["--filter", "acai-fritz", "x.avro"]);
    expect(status).toBe(2);
    expect(stderr).toContain("btsbot models pull acai_h");
  });
});

describe("what a nightly log says", () => {
  it("counts what rejects alerts, and why those that pass have no score", async () => {
    const rock = { ssdistnr: 1, ssmagnr: 18 };
    const alerts = [
      alertOf({ day: 0, candidate: rock }),
      alertOf({ day: 1, candidate: rock }),
      alertOf({ day: 3, candidate: { drb: null } }),
      alertOf({ day: 4 }),
    ];
    const { status, stderr } = await decide(["--filter", "not-asteroid", writePacket(folder, "a.avro", alerts)]);
    expect(status).toBe(0);
    expect(stderr).toContain("4 alerts read, 2 passed, 1 scored");
    expect(stderr).toContain("\nbtsbot: 2 rejected, by each check that fails: rock 2\n");
    expect(stderr).toMatch(/\nbtsbot: 1 passed and could not be scored: feature-missing 1\n/);
  });

  it.each([
    [
      "policy",
      { name: "mine", action: "save", require: [{ count: 1, where: ["scor >= 0.5"] }] },
      "no alert has the field scor of policy mine; did you mean score?",
    ],
    [
      "filter",
      { name: "bright", description: "", rule: { all: [{ not: { compare: [{ abs: "magpfs" }, "<", 19] } }] } },
      "no alert has the field magpfs of filter bright; did you mean magpsf?",
    ],
    [
      "filter",
      { name: "own", description: "", rule: { compare: ["broker_rank", ">", 1] } },
      "no alert has the field broker_rank of filter own\n",
    ],
  ])("names a field of a %s that no alert has: %j", async (kind, definition, complaint) => {
    const path = join(folder, "mine.json");
    writeFileSync(path, JSON.stringify(definition));
    const { status, stderr } = await decide([`--${kind}`, path, writePacket(folder, "a.avro", [alertOf({ day: 0 })])]);
    expect(status).toBe(0);
    expect(stderr).toContain(`btsbot: ${complaint}`);
    expect(stderr.split("no alert has")).toHaveLength(2);
    const night = join(folder, "empty");
    mkdirSync(night);
    expect((await decide([`--${kind}`, path, night])).stderr).not.toContain("no alert has");
  });

  it("says nothing of fields that the survey has, or one alert", async () => {
    const path = join(folder, "mine.json");
    writeFileSync(
      path,
      JSON.stringify({
        name: "mine",
        description: "",
        rule: { any: [{ compare: ["age", ">", 1] }, { compare: ["sgscore3", ">", "broker_rank"] }] },
      }),
    );
    const file = join(folder, "a.json");
    const { cutoutScience: _, cutoutTemplate: __, cutoutDifference: ___, ...alert } = alertOf({ day: 1 });
    const record = {
      ...alert,
      candid: String(alert.candid),
      candidate: { ...alert.candidate, candid: String(alert.candid), broker_rank: 2 },
    };
    writeFileSync(file, JSON.stringify(record));
    const { stderr } = await decide(["--filter", path, file, writePacket(folder, "a.avro", [alertOf({ day: 0 })])]);
    expect(stderr).toContain("2 alerts read");
    expect(stderr).not.toContain("no alert has");
  });

  it("names an input that cannot be read once, for people", async () => {
    const path = join(folder, "gone.avro");
    const { stderr } = await decide(["--format", "table", path]);
    expect(stderr).toContain(`btsbot: ${path}: cannot be read`);
  });

  it("takes an empty folder for a night of clouds, and a path that is not there for an error", async () => {
    const night = join(folder, "night");
    mkdirSync(night);
    const clouds = await decide([night]);
    expect([clouds.status, clouds.stdout]).toEqual([0, ""]);
    expect(clouds.stderr).toContain(`${night} holds no alerts`);
    expect(clouds.stderr).toContain("0 alerts read");
    const empty = await decide(["-"]);
    expect([empty.status, empty.stdout]).toEqual([0, ""]);
    expect(empty.stderr).toContain("standard input holds no alerts");
    const wrong = await decide([join(folder, "nihgt")]);
    expect([wrong.status, wrong.lines()]).toMatchObject([1, [{ error: { code: "file-unreadable" } }]]);
  });
});

describe("wrong usage", () => {
  it.each([
    [["--filter", "bts", "x.avro"], 2, "bts-2020, bts-production"],
    [["--policy", "p1", "x.avro"], 2, "bts_p1"],
    [["--model", "btsbot-v9", "x.avro"], 2, "btsbot-v1.0.1"],
    [["--policy", "./none.json", "x.avro"], 2, "./none.json: cannot be read (got no such file"],
    [["--rules", "./none.json", "x.avro"], 2, "./none.json: cannot be read (got no such file"],
    [["--schema", "./none.json", "x.avro"], 2, "./none.json: "],
    [["--policy", "nosuch", "x.avro"], 2, "got nosuch"],
    [["--filter", "./none.json", "x.avro"], 2, "./none.json: cannot be read (got no such file"],
    [["--format", "csv", "x.avro"], 2, "Allowed choices are table, jsonl"],
    [[], 2, "btsbot decide --help"],
    [["--explain", A], 2, "no alerts are given"],
  ])("%j", async (args, expected, hint) => {
    const { status, stdout, stderr } = await decide(args);
    expect([status, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ["--rules", "not JSON", "the list of rules is not JSON"],
    ["--rules", '[{"policy":"bts_p1","save":{"groupIds":[]}}]', "groupIds"],
    ["--policy", '{"name":"x","action":"save","require":[]}', "require"],
    ["--filter", '{"name":"x","description":"","rule":{"compare":["magpsf","=<",3]}}', "rule.compare"],
  ])("names the file of %s and what is wrong in %j", async (option, text, hint) => {
    const path = join(folder, "wrong.json");
    writeFileSync(path, text);
    const { status, stderr } = await decide([option, path, "x.avro"]);
    expect(status).toBe(2);
    expect(stderr).toContain(path);
    expect(stderr).toContain(hint);
  });
});

describe("rules of follow-up", () => {
  const request = {
    instrument: "SEDM",
    allocationId: 7,
    payload: { observation_type: "IFU" },
    comment: "BTSbot trigger",
  };
  const rules = [
    { policy: "bts_p1", save: { groupIds: [41], comment: "BTSbot" }, request },
    { policy: "bts_p2", save: { groupIds: [41] }, request },
  ];

  function writeRules(data: unknown = rules): string {
    const path = join(folder, "rules.json");
    writeFileSync(path, JSON.stringify(data));
    return path;
  }

  it("plans each source once, the most urgent request first, with keys", async () => {
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 })]);
    const { lines } = await decide(["--rules", writeRules(), file]);
    const plans = lines().map(({ plan }) =>
      (plan as Record<string, unknown>[]).map(({ kind, key, code, priority }) => [kind, key ?? code, priority]),
    );
    expect(plans).toEqual([
      [
        ["save", `${A}/save/41`, undefined],
        ["comment", `${A}/save/41/comment`, undefined],
        ["none", "already-planned", undefined],
      ],
      [
        ["none", "already-planned", undefined],
        ["request", `${A}/request/SEDM/7/observation_type=IFU/0`, 2],
        ["comment", `${A}/request/SEDM/7/observation_type=IFU/0/comment`, undefined],
      ],
    ]);
    expect((lines()[0].plan as { position: unknown }[])[0].position).toEqual({ ra: 120, dec: 20 });
  });

  it.each([[[0, 1]], [[1, 0]]])(
    "says where the source was seen last, of two versions of one alert, %j",
    async (order) => {
      const last = [121, 122].map((ra) => alertOf({ day: 2, candidate: { ra } }));
      const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), ...order.map((each) => last[each])]);
      const { lines } = await decide(["--rules", writeRules(), file]);
      expect((lines()[0].plan as { position: unknown }[])[0].position).toEqual({ ra: 122, dec: 20 });
    },
  );

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])(
    "says where the source was seen last, in the order %j",
    async (days) => {
      const file = writePacket(
        folder,
        "a.avro",
        days.map((day) => alertOf({ day, candidate: { ra: 120 + day } })),
      );
      const { lines } = await decide(["--rules", writeRules(), file]);
      expect((lines()[0].plan as { position: unknown }[])[0].position).toEqual({ ra: 122, dec: 20 });
    },
  );

  it("asks for nothing that it asked for in another run", async () => {
    const state = join(folder, "state");
    const args = ["--rules", writeRules(), "--state", state];
    const faint = [alertOf({ day: 0, magpsf: 18.8 }), alertOf({ day: 1, magpsf: 18.8 })];
    const first = await decide([...args, writePacket(folder, "a.avro", faint)]);
    const second = await decide([...args, writePacket(folder, "b.avro", [alertOf({ day: 2, magpsf: 18.2 })])]);
    const keys = (result: RunResult) =>
      result.lines().flatMap(({ plan }) => (plan as { key?: string }[]).flatMap(({ key }) => key ?? []));
    expect(keys(first)).toHaveLength(4);
    expect(second.lines().map(({ policy }) => policy)).toEqual(["bts_p2"]);
    expect((second.lines()[0].plan as { code: string }[]).map(({ code }) => code)).toEqual([
      "already-issued",
      "already-issued",
      "already-issued",
    ]);
    expect(keys(second)).toEqual([]);
  });

  it("names rules that no policy uses, and refuses at once what could not be planned", async () => {
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
    expect((await decide(["--rules", writeRules([{ ...rules[0], policy: "bts_pl" }]), file])).stderr).toContain(
      "policies that are not used: bts_pl",
    );
    const swift = { ...request, priorityOrder: "desc" };
    const { status, stdout, stderr } = await decide([
      "--rules",
      writeRules([{ ...rules[0], request: swift }]),
      join(folder, "none.avro"),
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("the request has no priority");
  });
});

describe("table", () => {
  it.each([60, 80, 120])("fits %i columns: what, when, which alerts and why", async (columns) => {
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), alertOf({ day: 1 })]);
    const { status, stdout, stderr } = await decide([file, bad], { isTTY: true, columns });
    expect(status).toBe(1);
    const rows = plain(stdout).split("\n");
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns);
    expect(rows[0]).toMatch(/^source +UT +policy +action( +alert)?$/);
    expect(rows[1]).toMatch(/^ZTF23aaaaaaa +2023-02-26.* bts_p1 +trigger 1/);
    expect(rows[2]).toMatch(/^ {3}2 of 2 alerts with score >= 0\.5 and magpsf <= 19:/);
    expect(plain(stdout).match(/2 of 2 alerts/g)).toHaveLength(1);
    expect(plain(stdout)).toMatch(/bts_p2 .*\n {3}as bts_p1\n {3}1 of 1 alert/);
    expect(stdout).toContain(String(candidOf(A, 1)));
    expect(stdout).not.toContain("bad.avro");
    expect(stderr).toContain("bad.avro");
  });

  it("has one header, however many batches come live", async () => {
    // More than are judged together.
    const alerts = Array.from({ length: 300 }, (_, index) =>
      alertOf({
        objectId: `ZTF23aaa${String(index)
          .padStart(3, "0")
          .replace(/\d/g, (digit) => "abcdefghij"[+digit])}a`,
        day: index / 300,
      }),
    );
    const args = ["--policy", "gt1", "--format", "table", "-"];
    const { status, stdout } = await decide(args, { columns: 80, stdin: [encodeAlerts(alerts)] });
    expect(status).toBe(0);
    const rows = plain(stdout).split("\n");
    expect(rows.filter((row) => row.startsWith("source"))).toEqual([rows[0]]);
    expect(rows.filter((row) => row.startsWith("ZTF23"))).toHaveLength(300);
  });

  it("says what is planned, and what is not, and that a decision moved", async () => {
    const path = join(folder, "rules.json");
    const request = {
      instrument: "SEDM",
      allocationId: 7,
      payload: { observation_type: "IFU" },
      comment: "BTSbot trigger",
    };
    writeFileSync(
      path,
      JSON.stringify([
        { policy: "bts_p1", save: { groupIds: [41] }, request },
        { policy: "bts_p2", save: { groupIds: [41] }, request },
      ]),
    );
    const args = ["--state", join(folder, "state"), "--rules", path];
    const terminal = { isTTY: true, columns: 60 };
    const file = writePacket(folder, "a.avro", [alertOf({ day: 1 }), alertOf({ day: 2 })]);
    const first = plain((await decide([...args, file], terminal)).stdout).split("\n");
    expect(first.filter((line) => /^ {3}\D/.test(line)).map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        "save to group 41",
        "request SEDM at priority 2",
        'comment "BTSbot trigger (priority: 2)"',
        "no save (already-planned): this plan saves it to group 41",
      ]),
    );
    const late = await decide([...args, writePacket(folder, "b.avro", [alertOf({ day: 0 })])], terminal);
    expect(plain(late.stdout)).toMatch(
      /^ZTF23aaaaaaa +2023-02-26 bts_p1 none .*\n {3}fired before; a late, earlier alert moved the moment$/m,
    );
    expect(plain(late.stdout)).not.toContain("request SEDM");
    const told = plain((await decide([...args, "--explain", "ZTF23aaaaaaa", file], terminal)).stdout);
    // What was asked for is in the state, and is not planned again.
    expect(told).toMatch(/fires: trigger 2, given already\n(.+\n)+ +no request \(already-issued\)/);
    expect(told).not.toContain("request SEDM at priority");
    expect(told).toMatch(/in the state\n(.+\n)+ {2}asked +ZTF23aaaaaaa\/save\/41/);
    for (const row of told.split("\n")) expect(row.length).toBeLessThanOrEqual(60);
  });

  it.each([
    [["--now", "2023-10-04"], "2023-10-04", "2023-10-11"],
    [["--now", "2023-10-04T23:30"], "2023-10-04", "2023-10-11"],
    [["--now", "2460221.5"], "2023-10-04", "2023-10-11"],
    [[], new Date().toISOString().slice(0, 10), undefined],
  ])("dates forms by --now: %j", async (now, start, end) => {
    const path = join(folder, "rules.json");
    const request = { instrument: "SEDM", allocationId: 7, payload: { observation_type: "IFU" } };
    writeFileSync(path, JSON.stringify([{ policy: "bts_p1", save: { groupIds: [41] }, request }]));
    const file = writePacket(folder, "a.avro", [alertOf({ day: 1 }), alertOf({ day: 2 })]);
    for (const more of [[], ["--explain", "ZTF23aaaaaaa"]]) {
      const { stdout } = await decide(["--rules", path, ...now, ...more, file]);
      expect(stdout).toContain(`"start_date":"${start}","end_date":"${end ?? ""}`);
    }
  });

  it.each(["60000", "yesterday", "1700000000", "", "2026-02-30", "2023-04-31T04:00"])(
    "refuses --now %j",
    async (now) => {
      const { status, stderr } = await decide(["--now", now, "a.avro"]);
      expect([status, stderr]).toEqual([2, expect.stringContaining("from 1858-11-17 to 2132-08-31")]);
    },
  );

  it("is empty where nothing was decided", async () => {
    const { stdout, stderr } = await decide([writePacket(folder, "a.avro", [alertOf({ day: 0, age: 0 })])], {
      isTTY: true,
    });
    expect(stdout).toBe("");
    expect(stderr).toContain("0 decisions");
  });
});

describe("--explain", () => {
  it.each([[[0, 1]], [[1, 0]]])("tells of every version of an alert that policies count, %j", async (order) => {
    const versions = [alertOf({ day: 2, magpsf: 19.5 }), alertOf({ day: 2 })];
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 }), ...order.map((each) => versions[each])]);
    expect((await decide([file])).lines()).toHaveLength(2);
    const told = (await decide(["--explain", A, file])).lines() as unknown as { decisions: unknown[] }[];
    expect(told.flatMap(({ decisions }) => decisions)).toHaveLength(2);
  });

  it("tells one source alert by alert, by date, each alert once", async () => {
    const damaged = withCutStamp(alertOf({ day: 4 }));
    const alerts = [
      alertOf({ day: 2 }),
      alertOf({ objectId: B, day: 1 }),
      alertOf({ day: 0 }),
      alertOf({ day: 1, candidate: { ssdistnr: 1, ssmagnr: 18 } }),
      damaged,
    ];
    const file = writePacket(folder, "a.avro", [...alerts, alerts[0]]);
    const args = ["--filter", "not-asteroid", "--explain", A, file];
    const { lines, status } = await decide(args);
    expect(status).toBe(0);
    expect(lines().map(({ candid }) => candid)).toEqual([0, 1, 2, 4].map((day) => String(candidOf(A, day))));
    const [first, asteroid, last] = lines();
    expect(first).toMatchObject({
      filter: { pass: true, failing: [] },
      progress: { bts_p1: [expect.stringMatching(/^1 of 2/)] },
      decisions: [],
    });
    expect(asteroid).toMatchObject({
      filter: { pass: false, failing: [{ name: "rock", values: { ssdistnr: 1, ssmagnr: 18 } }] },
      progress: {},
    });
    expect(asteroid).not.toHaveProperty("result");
    expect(last.decisions).toMatchObject([{ policy: "bts_p1", candid: String(candidOf(A, 2)) }, { policy: "bts_p2" }]);

    const text = await decide(args, { isTTY: true, columns: 60 });
    const shown = plain(text.stdout);
    for (const row of shown.split("\n")) expect(row.length).toBeLessThanOrEqual(60);
    expect(shown).toMatch(/^ZTF23aaaaaaa: 4 alerts, filter not-asteroid/);
    expect(shown).toContain("last alert");
    expect(shown).toMatch(/2023-02-26 06:00 {2}g 18\.30 .*\n {2}filter +rock: 0 <= ssdistnr 1 < 12/);
    expect(shown).toMatch(/bts_p1 +1 of 2 alerts/);
    expect(shown).toMatch(/bts_p1 +fires: trigger 1\n +2 of 2 alerts/);
  });

  it("changes no state, and tells what it has, with alerts and without", async () => {
    const state = join(folder, "state");
    const args = ["--state", state];
    await decide([...args, writePacket(folder, "a.avro", [alertOf({ day: 0 })])]);
    const second = writePacket(folder, "b.avro", [alertOf({ day: 1 })]);
    const told = await decide([...args, "--explain", A, second]);
    // The story is that of the input; the state is told after it.
    expect(told.lines()).toMatchObject([
      { candid: String(candidOf(A, 1)), progress: { bts_p1: [expect.stringMatching(/^1 of 2/)] }, decisions: [] },
      { objectId: A, state: { policies: { bts_p1: [expect.stringMatching(/^1 of 2 .*JD 2460000/)] }, issued: [] } },
    ]);
    const bare = await decide([...args, "--explain", A], { isTTY: true });
    expect([bare.status, plain(bare.stdout)]).toEqual([0, expect.stringMatching(/in the state\n {2}bts_p1 +1 of 2/)]);
    expect(plain(bare.stdout)).toMatch(/^ZTF23aaaaaaa: from the state: 1 alert counted, filter none/);
    expect((await decide([...args, second])).lines()).toHaveLength(2);
  });

  it("says what was given already, and by what the state was made", async () => {
    const args = ["--state", join(folder, "state"), writePacket(folder, "a.avro", [alertOf({ day: 0 })])];
    const explain = ["--explain", A, "--policy", "gt1"];
    const before = await decide([...args.slice(2), ...explain]);
    expect(before.lines()[0].decisions).toEqual([expect.not.objectContaining({ given: true })]);
    await decide([...args, "--policy", "gt1"]);
    const after = await decide([...args, ...explain]);
    expect(after.lines()[0].decisions).toMatchObject([{ policy: "gt1", given: true }]);
    expect(after.stderr).not.toContain("the state was made with");
    const other = await decide([...args, ...explain, "--filter", "bts-2020"]);
    expect(other.stderr).toContain("the state was made with filter none, model btsbot-v1.0.1");
  });

  it("says so where there is nothing to tell", async () => {
    const { status, stderr } = await decide(["--explain", B, writePacket(folder, "a.avro", [alertOf({ day: 0 })])]);
    expect(status).toBe(1);
    expect(stderr).toContain(`there is no alert of ${B} here`);
  });

  it("says that there is no state, and that case matters", async () => {
    const state = join(folder, "nostate");
    const file = writePacket(folder, "a.avro", [alertOf({ day: 0 })]);
    const bare = await decide(["--state", state, "--explain", A]);
    expect([bare.status, bare.stderr]).toEqual([
      1,
      expect.stringContaining(`no alert of ${A} here, and no state in ${state}`),
    ]);
    const told = await decide(["--state", state, "--explain", A, file]);
    expect([told.status, told.stderr]).toEqual([0, expect.stringContaining(`there is no state in ${state}`)]);
    expect((await decide(["--explain", A.toUpperCase(), file])).stderr).toContain(`did you mean ${A}?`);
  });
});

it("refuses a model of classes, of which none is the score", async () => {
  await fillClassModel(cache, "classes");
  const { status, stdout, stderr } = await decide(["--model", "classes", "x.avro"]);
  expect([status, stdout, stderr]).toEqual([2, "", "btsbot: classes gives classes, and policies need one score\n"]);
  const path = join(folder, "filter.json");
  writeFileSync(
    path,
    JSON.stringify({ name: "mine", description: "", rule: { compare: [{ score: "classes" }, ">", 0.8] } }),
  );
  expect((await decide(["--filter", path, "x.avro"])).stderr).toContain(
    "classes gives classes, and the filter needs one score",
  );
});
