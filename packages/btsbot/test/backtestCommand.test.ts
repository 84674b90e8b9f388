import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readXml } from "../../report/test/support/readXml.js";
import { describeWithData } from "../../../test/support/testData.js";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";
import { FIVE, FIVE_TRUTH, toCsv, toJsonLines, writeFive, writeSurvey } from "./support/scoreFiles.js";
import { makeSurvey } from "./support/syntheticScores.js";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

interface Rates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly completeness?: number;
  readonly purity?: number;
}

interface Result {
  readonly scores: Record<string, unknown>;
  readonly alerts: { readonly confusion: { readonly accuracy: number }; readonly roc: { readonly auc: number } };
  readonly policies: {
    readonly policy: string;
    readonly sources: {
      readonly overall: Rates;
      readonly saveDelays: { readonly median?: number };
      readonly triggerDelays: { readonly median?: number };
      readonly falsePositives: { readonly objectId: string }[];
      readonly falseNegatives: { readonly objectId: string }[];
    };
    readonly requests: { readonly mean: number; readonly nights: { readonly requests: number }[] };
  }[];
  readonly [key: string]: unknown;
}

async function backtest(...args: string[]): Promise<Result> {
  const { status, stdout, stderr } = await run(["backtest", ...args]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Result;
}

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe.each(["jsonl", "csv"] as const)("five sources worked by hand, %s", (kind) => {
  it("gives the figures of Table 6 for each policy", async () => {
    const { alerts, policies, scores } = await backtest("bts_p1", "bts_p2", ...writeFive(folder, kind));
    expect(alerts.confusion.accuracy).toBeCloseTo(0.4, 12);
    expect(alerts.roc.auc).toBeCloseTo(0.5, 12);
    const [p1, p2] = policies;
    expect([p1.policy, p2.policy]).toEqual(["bts_p1", "bts_p2"]);
    expect(p1.sources.overall).toMatchObject({
      truePositives: 1,
      falsePositives: 1,
      falseNegatives: 1,
      trueNegatives: 1,
      completeness: 0.5,
      purity: 0.5,
    });
    expect(p2.sources.overall).toMatchObject({
      truePositives: 1,
      falsePositives: 0,
      falseNegatives: 1,
      trueNegatives: 2,
      completeness: 0.5,
      purity: 1,
    });
    expect(p1.sources.falsePositives.map(({ objectId }) => objectId)).toEqual(["B"]);
    expect(p1.sources.falseNegatives.map(({ objectId }) => objectId)).toEqual(["C"]);
    expect(p1.sources.saveDelays.median).toBeCloseTo(-1, 6);
    expect(p1.sources.triggerDelays.median).toBeCloseTo(-1.5, 6);
    expect([p1.requests.mean, p2.requests.mean]).toEqual([0.75, 0.5]);
    expect(scores).toMatchObject({
      alerts: 10,
      unreadable: 0,
      candidRounded: false,
      ...(kind === "jsonl" && { model: "btsbot-v1.0.1" }),
    });
  });

  it("counts what a rule would leave out where it is told to", async () => {
    const { policies } = await backtest("bts_p1", ...writeFive(folder, kind), "--keep", "junk", "--keep", "few-alerts");
    expect(policies[0].sources.overall).toMatchObject({ falsePositives: 2, purity: 1 / 3 });
  });
});

describe("what is written", () => {
  it("is a table on a terminal, that fits", async () => {
    const { status, stdout } = await run(["backtest", "bts_p1", "bts_p2", ...writeFive(folder)], {
      isTTY: true,
      columns: 80,
    });
    expect(status).toBe(0);
    const lines = plain(stdout).split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^policy +complete % +purity % +save d +trigger d +a night/);
    expect(lines[1]).toMatch(/^bts_p1 +50\.0 +50\.0 +-1\.00 +-1\.50 +0\.75/);
    expect(lines[2]).toMatch(/^bts_p2 +50\.0 +100\.0 +-1\.00 +-1\.50 +0\.50/);
    expect(stdout.replace(/\s+/g, " ")).toContain("10 alerts of 5 sources: accuracy 40.0 (");
    expect(stdout).toContain("Sources left out: 1 junk, 0 few-alerts, 0 peak-thinned");
  });

  it("has intervals where there is room", async () => {
    const { stdout } = await run(["backtest", "bts_p1", ...writeFive(folder)], { isTTY: true, columns: 180 });
    expect(plain(stdout).split("\n")[1]).toMatch(/^bts_p1 +50\.0 \(\d+\.\d-100\.0\).* 40\.0 +0\.500$/);
  });

  it("is the same in a file, and the same in each run", async () => {
    const args = ["backtest", "bts_p1", "gt1", ...writeFive(folder)];
    const [json, report] = [join(folder, "r.json"), join(folder, "r.html")];
    const first = await run([...args, "--json", json, "--report", report]);
    const page = readFileSync(report, "utf8");
    expect(readFileSync(json, "utf8")).toBe(first.stdout);
    const second = await run([...args, "--report", report]);
    expect(second.stdout).toBe(first.stdout);
    expect(readFileSync(report, "utf8")).toBe(page);
  });

  it("says where a file cannot be written", async () => {
    const { status, stderr } = await run([
      "backtest",
      "gt1",
      ...writeFive(folder),
      "--json",
      join(folder, "no", "r.json"),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("the file cannot be written");
  });
});

describe("policies", () => {
  it("come from files, and read columns of their own", async () => {
    const policy = write(
      "mine.json",
      JSON.stringify({
        name: "mine",
        action: "save",
        require: [{ count: 1, where: ["score >= 0.4", "sgscore1 >= 0.5", 'programpi != "Prince"'] }],
      }),
    );
    const [head, ...rows] = toCsv(FIVE).split("\n");
    const programs = ["TESS", "Prince", "Prince", "Prince", "", "x", "x", "x", "x", "x"];
    const scores = write(
      "s.csv",
      [
        `${head},sgscore1,programpi`,
        ...rows.map((row, index) => `${row},${index === 4 ? "" : 0.6},${programs[index]}`),
      ].join("\n"),
    );
    const { policies } = await backtest(policy, "--scores", scores, "--truth", write("t.csv", FIVE_TRUTH));
    // A by its first alert, C by its second, E is junk; B's are Prince's, D's score is too low.
    expect(policies[0].sources.overall).toMatchObject({
      truePositives: 2,
      falsePositives: 0,
      falseNegatives: 0,
      trueNegatives: 2,
    });
    const { status, stderr } = await run(["backtest", policy, ...writeFive(folder)]);
    expect(status).toBe(1);
    expect(stderr).toContain("sgscore1: there is no such column (expected a column that a policy's condition names");
  });

  it("may begin with a byte-order mark, and have names that a terminal would obey", async () => {
    const policy = write(
      "mine.json",
      '\uFEFF{"name":"\\u001b[31m星","action":"save","require":[{"count":1,"where":[]}]}',
    );
    const { status, stdout } = await run(["backtest", policy, ...writeFive(folder)], { isTTY: true });
    expect([status, plain(stdout).includes("\u001b"), stdout.includes("\uFFFD[31m星")]).toEqual([0, false, true]);
  });

  it.each([
    [["gt0"], 2, "bts_p1, bts_p2"],
    [["none.json"], 2, "none.json: cannot be read (got no such file or folder)"],
    [["bad.json"], 2, "bad.json: the policy is not JSON (got Expected property name"],
    [["odd.json"], 2, "odd.json: "],
    [["bts_p1", "twin.json"], 1, "two policies have the same name"],
  ])("%j: refused", async (names, status, words) => {
    write("bad.json", "{");
    write("odd.json", '{"name":"odd","action":"save","require":[],"extra":1}');
    write("twin.json", '{"name":"bts_p1","action":"save","require":[{"count":1,"where":["score > 0.1"]}]}');
    const found = await run([
      "backtest",
      ...names.map((name) => (name.endsWith(".json") ? join(folder, name) : name)),
      ...writeFive(folder),
    ]);
    expect([found.status, found.stdout]).toEqual([status, ""]);
    expect(found.stderr).toContain(words);
    expect(found.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("scores and truth", () => {
  it("come from btsbot score itself, through a pipe", async () => {
    const cache = await fillCache(temporaryFolder());
    const packet = writePacket(folder, "a.avro", [makeAlert(0), makeAlert(1)]);
    const { stdout: scores } = await run(["score", packet, join(folder, "missing.avro")], { cache });
    const truth = write("t.csv", "objectId,label\nZTF20aaaaaaa,1\nZTF20aaaaaab,0\n");
    const { status, stdout, stderr } = await run(["backtest", "gt1", "--scores", "-", "--truth", truth], {
      stdin: [Buffer.from(scores)],
    });
    expect(status).toBe(0);
    expect(stderr).toBe("btsbot: -: 1 line stands for an input that could not be read, and is left out\n");
    expect((JSON.parse(stdout) as Result).scores).toMatchObject({
      file: "-",
      alerts: 2,
      unreadable: 1,
      model: "btsbot-v1.0.1",
    });
  });

  it("keep ids exact: those that a double cannot tell apart are two alerts", async () => {
    const [first, second] = FIVE.slice(0, 2);
    const rows = [
      { ...first, candid: "9007199254740992001" },
      { ...second, candid: "9007199254740992002" },
    ];
    const { alertCount, duplicates } = await backtest(
      "gt2",
      "--scores",
      write("s.csv", toCsv(rows)),
      "--truth",
      write("t.csv", FIVE_TRUTH),
    );
    expect([alertCount, duplicates]).toEqual([2, 0]);
  });

  it("count a row with a rounded id once, however often it comes", async () => {
    const row = "ZTF20aaaaaac,1.54947e+18,2459301.8,18.7,0.6";
    const other = "ZTF20aaaaaaa,1.54947e+18,2459301.8,18.7,0.6\nZTF20aaaaaaa,1.54947e+18,2459302.8,18.7,0.6";
    const scores = write("s.csv", `objectId,candid,jd,magpsf,score\n${row}\n${row}\n${other}\n`);
    const truth = write("t.csv", "objectId,label\nZTF20aaaaaac,0\nZTF20aaaaaaa,1\n");
    for (const policy of ["gt2", "gt2_code"]) {
      const { stdout, stderr } = await run(["backtest", policy, "--scores", scores, "--truth", truth]);
      const result = JSON.parse(stdout) as Result;
      expect(stderr).toContain("the ids (candid) are rounded");
      expect([
        result.alertCount,
        result.duplicates,
        result.policies[0].requests.nights.map(({ requests }) => requests),
      ]).toEqual([3, 1, [0, 1]]);
    }
  });

  it("count the copies of an exposure once, unless candids are to be counted", async () => {
    const [first] = FIVE;
    const rows = [first, { ...first, candid: "77", magpsf: 18.45, score: 0.97 }, ...FIVE.slice(1)];
    const args = ["--scores", write("s.csv", toCsv(rows)), "--truth", write("t.csv", FIVE_TRUTH)];
    const once = await backtest("bts_p1", ...args);
    expect([once.alertCount, once.copies]).toEqual([FIVE.length, 1]);
    const each = await backtest("bts_p1", ...args, "--counted-by", "candids");
    expect([each.alertCount, each.copies]).toEqual([FIVE.length + 1, 0]);
  });

  it("may have quotes, Windows line ends, a byte-order mark, other columns and another name for the score", async () => {
    const text = `\uFEFF${toCsv(FIVE)
      .replace("score", "expected")
      .replaceAll("\n", ",x\r\n")
      .replaceAll(/^([A-E]),/gm, '"$1",')},x\r\n`;
    const { policies } = await backtest(
      "bts_p1",
      "--scores",
      write("s.csv", text),
      "--truth",
      write("t.csv", FIVE_TRUTH),
      "--score-column",
      "expected",
    );
    expect(policies[0].sources.overall).toMatchObject({ truePositives: 1, falsePositives: 1 });
  });

  it("take an alert that came twice once, and one that was scored again as another copy", async () => {
    const truth = write("t.csv", FIVE_TRUTH);
    const { duplicates } = await backtest(
      "gt1",
      "--scores",
      write("s.csv", toCsv([...FIVE, FIVE[0]])),
      "--truth",
      truth,
    );
    expect(duplicates).toBe(1);
    const path = write("s.csv", toCsv([{ ...FIVE[0], score: 0 }, ...FIVE]));
    const [once, again] = [
      await backtest("gt1", "--scores", write("once.csv", toCsv(FIVE)), "--truth", truth),
      await backtest("gt1", "--scores", path, "--truth", truth),
    ];
    expect([again.copies, again.alerts, again.policies]).toEqual([1, once.alerts, once.policies]);
  });

  it("choose the model where there are several", async () => {
    const lines = toJsonLines(FIVE).replaceAll('"scores":{', '"scores":{"acai_h":{"status":"scored","score":0.01},');
    const args = ["--scores", write("s.jsonl", lines), "--truth", write("t.csv", FIVE_TRUTH)];
    const unnamed = await run(["backtest", "gt1", ...args]);
    expect(unnamed.status).toBe(1);
    expect(unnamed.stderr).toContain(
      'expected one model, or --model NAME with one of these, got ["acai_h","btsbot-v1.0.1"]',
    );
    expect(
      (await backtest("bts_p1", ...args, "--model", "btsbot-v1.0.1")).policies[0].sources.overall.truePositives,
    ).toBe(1);
    expect((await backtest("bts_p1", ...args, "--model", "acai_h")).policies[0].sources.overall.truePositives).toBe(0);
  });

  it("warn where the truth knows none of them", async () => {
    const truth = write("t.csv", "objectId,label\nZ,1\n");
    const { status, stderr } = await run(["backtest", "gt1", ...writeFive(folder).slice(0, 2), "--truth", truth]);
    expect([status, stderr]).toEqual([0, expect.stringContaining(`${truth}: none of its sources has an alert in `)]);
  });

  it("count alerts without a score, and leave out those without a magnitude", async () => {
    const rows = FIVE.map((row, index) => (index < 2 ? { ...row, score: undefined } : row));
    const lines = toJsonLines(rows).replace('"magpsf":18.9', '"magpsf":null');
    const { status, stdout, stderr } = await run([
      "backtest",
      "bts_p1",
      "--scores",
      write("s.jsonl", lines),
      "--truth",
      write("t.csv", FIVE_TRUTH),
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain("1 alert has no magnitude");
    const result = JSON.parse(stdout) as Result;
    expect([result.unscored, result.alertCount]).toEqual([2, 9]);
    expect(result.policies[0].sources.overall).toMatchObject({ truePositives: 0, falsePositives: 0 });
  });
});

const HEAD = "objectId,candid,jd,magpsf,score";
const GOOD = "A,1,2459300.8,18,0.9";

describe("bad files name file, line, column, what was expected and what is there", () => {
  it.each([
    [
      `objectId,candid,jd,magpsf\nA,1,2459300.8,18`,
      ":2: score: there is no such column (expected a score from 0 to 1, or nothing, got the columns objectId, candid, jd, magpsf)",
    ],
    [
      `${HEAD}\n${GOOD}\nA,2,2459300.8,18,NaN`,
      ':3: score: the value cannot be used (expected a score from 0 to 1, or nothing, got "NaN")',
    ],
    [
      `${HEAD}\n${GOOD}\nA,2,2459300.8,18,1.01`,
      ':3: score: the value cannot be used (expected a score from 0 to 1, or nothing, got "1.01")',
    ],
    [
      `${HEAD}\n${GOOD}\nA,2,59300.3,18,0.5`,
      ':3: jd: the value cannot be used (expected a Julian date, days UTC, got "59300.3")',
    ],
    [`${HEAD}\n${GOOD}\nA,2,2459300.8,,0.5`, ':3: magpsf: the value cannot be used (expected a magnitude, got "")'],
    [
      `${HEAD}\n${GOOD}\nA,x2,2459300.8,18,0.5`,
      ':3: candid: the value cannot be used (expected all digits of the id, got "x2")',
    ],
    [`${HEAD}\n${GOOD}\n,2,2459300.8,18,0.5`, ':3: objectId: the value cannot be used (expected a text, got "")'],
    [
      `${HEAD}\n${GOOD}\nA,2.1e18,2459300.8,18,0.5`,
      ": candid: some ids are rounded (expected all digits of every id, got 1 of 2 rounded)",
    ],
    [`${HEAD}\n${GOOD}\nA,2,2459300.8,18`, ":3: the row does not have as many cells as the header (expected 5, got 4)"],
    [`${HEAD}\n${GOOD}\n"A,2,2459300.8,18,0.5`, ":3: a quote is opened and not closed"],
    [`objectId,score,${HEAD}\n`, ":1: objectId: the header names the column twice"],
    [`${HEAD}\n`, ": the file holds no scored alerts"],
    ["", ": the file is empty"],
    ['[{"objectId":"A"}]\n', ": the file is one JSON array (expected JSON Lines, an object a line, or CSV"],
    ['{"objectId":"A"}\n', ":1: candid: there is no such column"],
    [
      `${toJsonLines(FIVE.slice(0, 1))}{"objectId`,
      ':2: the line is not a JSON object (expected an object, got "{\\"objectId")',
    ],
    [
      toJsonLines(FIVE).replace('"1127495406315015001"', "1127495406315015001"),
      ":2: candid: the value cannot be used (expected a string of digits: a JSON number may have lost some",
    ],
    [toJsonLines(FIVE).replace(/,"magpsf":[^,}]*/g, ""), "score the alerts again with this version"],
    [
      toJsonLines(FIVE).replace('"score":0.8', '"classes":{"SN":0.8}'),
      ':2: scores.btsbot-v1.0.1: the value cannot be used (expected a score from 0 to 1, got {"SN":0.8})',
    ],
    [
      toJsonLines(FIVE).replace('"score":0.8', '"score":null'),
      ":2: scores.btsbot-v1.0.1: the value cannot be used (expected a score from 0 to 1, got null)",
    ],
  ])("scores %#", async (text, words) => {
    const path = write("s.txt", text);
    const { status, stdout, stderr } = await run([
      "backtest",
      "gt1",
      "--scores",
      path,
      "--truth",
      write("t.csv", FIVE_TRUTH),
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(words.startsWith(":") ? `${path}${words}` : words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ["objectId,label\nA,1\nB,2", ':3: label: the value cannot be used (expected 0 or 1, got "2")'],
    ["objectId,class\nA,1", ":2: label: there is no such column (expected 0 or 1, got the columns objectId, class)"],
    [
      "objectId,label\nA,1\nA,0",
      ":3: objectId: the source comes again with different values (expected the values of line 2, got A)",
    ],
    [
      "objectId,label,saveJd\nA,1,59300",
      ':2: saveJd: the value cannot be used (expected a Julian date, days UTC, got "59300")',
    ],
    ["objectId,label,junk\nA,1,maybe", ':2: junk: the value cannot be used (expected true or false, got "maybe")'],
    ["objectId,label\n", ": the file holds no sources"],
    [
      '{"objectId":"A","label":true}\n{"objectId":"B","label":null}',
      ":2: label: the value cannot be used (expected 0 or 1, got null)",
    ],
  ])("truth %#", async (text, words) => {
    const path = write("t.txt", text);
    const { status, stdout, stderr } = await run([
      "backtest",
      "gt1",
      "--scores",
      write("s.csv", toCsv(FIVE)),
      "--truth",
      path,
    ]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`${path}${words}`);
  });

  it("names ten places, and not a hundred", async () => {
    const path = write("s.csv", `${HEAD}\n${GOOD}\n${"A,2,2459300.8,18,high\n".repeat(100)}`);
    const { stderr } = await run(["backtest", "gt1", "--scores", path, "--truth", write("t.csv", FIVE_TRUTH)]);
    expect(stderr.match(/high/g)).toHaveLength(10);
  });

  it.each([
    [["--scores", "-", "--truth", "-"], 2, "standard input, not both"],
    [["--scores", "nowhere.csv"], 2, "required option '-t, --truth <file>'"],
    [
      ["--scores", "nowhere.csv", "--truth", "nowhere.csv"],
      1,
      "nowhere.csv: cannot be read (got no such file or folder)",
    ],
    [["--scores", ".", "--truth", "."], 1, ".: cannot be read (got a folder where a file is needed)"],
    [["--scores", "a", "--truth", "b", "--keep", "all"], 2, "Allowed choices are junk, few-alerts, peak-thinned"],
  ])("%j", async (args, status, words) => {
    const found = await run(["backtest", "gt1", ...args]);
    expect([found.status, found.stdout]).toEqual([status, ""]);
    expect(found.stderr).toContain(words);
  });
});

describe("the report", () => {
  it("is one well-formed page that loads nothing, with every figure", async () => {
    const survey = makeSurvey(7, 300);
    const evil = `ZTF<b>"'&$(rm)`;
    const { objectId } = survey.truth.find(({ label }) => label === 1)!;
    const rename = <Row extends { readonly objectId: string }>(row: Row): Row =>
      row.objectId === objectId ? { ...row, objectId: evil } : row;
    const path = join(folder, "r.html");
    const named = {
      truth: survey.truth.map(rename),
      alerts: survey.alerts.map((row) => ({
        ...row,
        objectId: row.objectId === objectId ? `"${evil.replace('"', '""')}"` : row.objectId,
      })),
    };
    const { status, stderr } = await run([
      "backtest",
      "bts_p1",
      "prod_p2",
      ...writeSurvey(folder, named),
      "--report",
      path,
    ]);
    expect([status, stderr]).toEqual([0, ""]);
    const page = readFileSync(path, "utf8");
    const { elements, texts } = readXml(page.replace(/<style>[^]*?<\/style>/, ""));
    expect(page.replaceAll(/xmlns="http:\/\/www\.w3\.org\/(2000\/svg|1999\/xhtml)"/g, "")).not.toMatch(
      /https?:|<script|@import|url\(/,
    );
    expect(elements.filter(({ name }) => name === "b")).toEqual([]);
    const svgs = elements
      .filter(({ name, attributes }) => name === "svg" && attributes["aria-label"])
      .map(({ attributes }) => attributes["aria-label"]);
    for (const words of [
      "ROC curve",
      "Confusion matrix",
      "Calibration",
      "Completeness and purity",
      "Histogram of save",
      "Histogram of trigger",
      "Requests by night",
      "Cost curve",
      "Light curve",
    ]) {
      expect(svgs.filter((label) => label.startsWith(words)).length, words).toBeGreaterThan(0);
    }
    expect(texts).toContain("Backtest of bts_p1, prod_p2");
    expect(texts).toContain("true class");
    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(["JSON Lines", "CSV"])("draws errors, signs, upper limits and the survey's limit, from %s", async (form) => {
    const path = join(folder, "r.html");
    const truth = write("t.csv", "objectId,label,class\nA,1,SN Ia\n");
    const photometry = [
      { jd: 2459460.8, magpsf: 18.31, fid: 1, sigmapsf: 0.07, isdiffpos: "t", score: 0.9 },
      { jd: 2459462.8, magpsf: 18.22, fid: 2, sigmapsf: 0.05, isdiffpos: "f", score: 0.8 },
      { jd: 2459464.8, magpsf: 18.12, fid: 2, score: 0.7 },
    ];
    const limits = [{ jd: 2459458.7, fid: 2, diffmaglim: 20.43 }];
    const lines = photometry.map(({ score, ...alert }, at) => ({
      ...{ file: "a.avro", index: at, objectId: "A", candid: `${at + 1}`, ...alert },
      scores: { m: { status: "scored", score } },
      limits: at === 0 ? limits : [],
    }));
    const head = "objectId,candid,jd,fid,magpsf,sigmapsf,isdiffpos,diffmaglim,score";
    const rows = [
      ...limits.map(({ jd, fid, diffmaglim }) => ["A", "", jd, fid, "", "", "", diffmaglim, ""]),
      ...photometry.map((each, at) => {
        const { jd, fid, magpsf, sigmapsf = "", isdiffpos = "", score } = each;
        return ["A", at + 1, jd, fid, magpsf, sigmapsf, isdiffpos, 20.6, score];
      }),
    ];
    const scores =
      form === "CSV"
        ? write("s.csv", [head, ...rows.map((row) => row.join(","))].join("\n"))
        : write("s.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
    const args = ["backtest", "bts_p1", "--scores", scores, "--truth", truth];
    const { status, stderr } = await run([...args, "--report", path]);
    expect([status, stderr]).toEqual([0, ""]);
    const { texts } = readXml(readFileSync(path, "utf8"));
    const points = texts.filter((text) => text.includes("(JD "));
    expect(points.map((text) => text.slice(text.indexOf("), ") + 3))).toEqual([
      "r: fainter than 20.43",
      "g: 18.31 ± 0.07 mag, score 0.900",
      "r: 18.22 ± 0.05 mag, fainter than the template, score 0.800",
      "r: 18.12 mag, score 0.700",
    ]);
    expect(texts).toContain("18.5 mag, the survey's limit");
  });

  it("has no trigger delay of a policy that only saves", async () => {
    const path = join(folder, "r.html");
    const args = writeSurvey(folder, makeSurvey(7, 300));
    await run(["backtest", "gt1", ...args, "--report", path]);
    expect(readFileSync(path, "utf8")).toContain("Histogram of save");
    expect(readFileSync(path, "utf8")).not.toContain("Histogram of trigger");
    const { stdout } = await run(["backtest", "gt1", "bts_p1", ...args], { isTTY: true, columns: 100 });
    const [, saves, triggers] = plain(stdout)
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/));
    expect([saves[0], saves[4], triggers[0], triggers[4]]).toEqual(["gt1", "–", "bts_p1", expect.stringMatching(/\d/)]);
  });

  it("is honest where there is nothing", async () => {
    const path = join(folder, "r.html");
    const truth = write("t.csv", "objectId,label\nA,0\nB,0\n");
    const { status } = await run([
      "backtest",
      "gt3",
      "--scores",
      write("s.csv", toCsv(FIVE)),
      "--truth",
      truth,
      "--report",
      path,
    ]);
    expect(status).toBe(0);
    const page = readFileSync(path, "utf8");
    for (const words of [
      "No save delays: no true positives.",
      "No ROC curve: no alerts of bright transients.",
      "No cost curve",
    ])
      expect(page).toContain(words);
  });

  it("escapes a source's name that is HTML", async () => {
    const path = join(folder, "r.html");
    const [scores, truth] = [toCsv(FIVE), FIVE_TRUTH].map((text) => text.replaceAll(/^A,/gm, `<i>&'A,`));
    await run([
      "backtest",
      "bts_p1",
      "--scores",
      write("s.csv", scores),
      "--truth",
      write("t.csv", truth),
      "--report",
      path,
    ]);
    const page = readFileSync(path, "utf8");
    expect(page).toContain("&lt;i&gt;&amp;&#39;A (SN Ia), found");
    expect(page).not.toContain("<i>");
  });
});

describeWithData("the published table of SN 2023tyk", (data) => {
  it("is read as it is, rounded ids and all", async () => {
    const path = join(data, "sn2023tyk", "candidates.csv");
    const { status, stdout, stderr } = await run([
      "backtest",
      "bts_p1",
      "gt3",
      "--scores",
      path,
      "--truth",
      path,
      "--score-column",
      "expected_scores",
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain("the ids (candid) are rounded");
    const { policies, alertCount, scores } = JSON.parse(stdout) as Result;
    expect([alertCount, scores.candidRounded]).toEqual([23, true]);
    expect(policies.map(({ sources }) => sources.overall.truePositives)).toEqual([1, 1]);
  });
});
