import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { isHeldOut } from "../../evaluate/src/isHeldOut.js";
import { readXml } from "../../report/test/support/readXml.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";
import { FIVE, FIVE_TRUTH, toCsv, writeSurvey } from "./support/scoreFiles.js";
import { makeSurvey } from "./support/syntheticScores.js";

let folder: string;
let files: string[];

beforeEach(() => {
  folder = temporaryFolder();
  files = writeSurvey(folder, makeSurvey(11, 300));
});

interface Rates {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly completeness: number;
  readonly purity: number;
  readonly requestsPerNight: number;
}

interface Tuned {
  readonly goal: object;
  readonly policy: { readonly name: string };
  readonly best: Rates;
  readonly heldOut: { readonly sources: { readonly overall: Rates }; readonly meetsGoal: boolean };
  readonly candidates: readonly Rates[];
}

async function tune(...args: string[]): Promise<Tuned> {
  const { status, stdout, stderr } = await run(["tune", ...args]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as Tuned;
}

describe("btsbot tune", () => {
  it("finds the purest policy that is complete enough, and its policy runs in a backtest with the sum of both halves", async () => {
    const { goal, policy, best, heldOut, candidates } = await tune("--completeness", "0.9", ...files);
    expect(goal).toEqual({ completeness: 0.9 });
    expect(best.completeness).toBeGreaterThanOrEqual(0.9);
    const others = candidates.filter(({ completeness }) => completeness >= 0.9).map(({ purity }) => purity);
    expect(best.purity).toBe(Math.max(...others));
    const path = join(folder, "tuned.json");
    writeFileSync(path, JSON.stringify(policy));
    const { stdout } = await run(["backtest", path, ...files]);
    const { overall } = (JSON.parse(stdout) as { policies: { sources: { overall: Rates } }[] }).policies[0].sources;
    for (const name of ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"] as const) {
      expect(overall[name], name).toBe(best[name] + heldOut.sources.overall[name]);
    }
  });

  it("finds the most complete policy within a budget", async () => {
    const { best, candidates } = await tune("--per-night", "1.5", ...files);
    expect(best.requestsPerNight).toBeLessThanOrEqual(1.5);
    const others = candidates
      .filter(({ requestsPerNight }) => requestsPerNight <= 1.5)
      .map(({ completeness }) => completeness);
    expect(best.completeness).toBe(Math.max(...others));
  });

  it("writes a table on a terminal: both halves, and the verdict", async () => {
    const { status, stdout } = await run(["tune", "--completeness", "0.9", ...files], { isTTY: true, columns: 80 });
    expect(status).toBe(0);
    const text = plain(stdout);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^trigger: at least \d alerts? with score >= 0\.\d+/);
    expect(text).toMatch(/^ +searched half +held-out half$/m);
    expect(text).toMatch(/^completeness % +\d+\.\d +\d+\.\d \(/m);
    expect(text.replace(/\s+/g, " ")).toMatch(/On the held-out half the policy (meets the goal too|misses the goal)\./);
  });

  it.each(["--completeness", "--per-night"])("writes one page with the search, %s", async (goal) => {
    const path = join(folder, "r.html");
    await tune(goal, "0.9", ...files, "--report", path);
    const page = readFileSync(path, "utf8");
    const { elements } = readXml(page.replace(/<style>[^]*?<\/style>/, ""));
    const labels = elements.filter(({ name }) => name === "svg").map(({ attributes }) => attributes["aria-label"]);
    for (const words of ["Search of 1250 policies", "Completeness and purity", "Histogram of save"])
      expect(
        labels.some((label) => label?.startsWith(words)),
        words,
      ).toBe(true);
    expect(page.replaceAll(/xmlns="[^"]*"/g, "")).not.toMatch(/https?:|<script/);
  });

  it("says so where no policy meets the goal, on both outputs and in the status", async () => {
    const path = join(folder, "s.csv");
    writeFileSync(path, toCsv(FIVE.map((row) => ({ ...row, score: 0 }))));
    writeFileSync(join(folder, "t.csv"), FIVE_TRUTH);
    const args = ["tune", "--completeness", "0.9", "--scores", path, "--truth", join(folder, "t.csv")];
    const { status, stdout, stderr } = await run([...args, "--report", join(folder, "r.html")]);
    expect(status).toBe(1);
    expect(stderr).toContain("no policy of the searched kind has a completeness of at least 90.0 %");
    expect(JSON.parse(stdout)).not.toHaveProperty("best");
    expect(readFileSync(join(folder, "r.html"), "utf8")).toContain("None could be chosen.");
    expect((await run(args, { isTTY: true })).stdout.replace(/\s+/g, " ")).toContain(
      "There, no policy of the searched kind has a completeness of at least 90.0 %.",
    );
  });

  it("gives no verdict where the held-out half has nothing to find", async () => {
    // Two sources that the search sees, so that the other half has none.
    const [first, second] = [..."abcdefghij"].filter((name) => !isHeldOut(name));
    const rows = FIVE.filter(({ objectId }) => objectId === "A" || objectId === "B");
    writeFileSync(
      join(folder, "s.csv"),
      toCsv(rows.map((row) => ({ ...row, objectId: row.objectId === "A" ? first : second }))),
    );
    writeFileSync(join(folder, "t.csv"), `objectId,label\n${first},1\n${second},0\n`);
    const args = [
      "tune",
      "--completeness",
      "0.9",
      "--scores",
      join(folder, "s.csv"),
      "--truth",
      join(folder, "t.csv"),
      "--report",
      join(folder, "r.html"),
    ];
    const { status, stdout } = await run(args, { isTTY: true });
    expect(status).toBe(0);
    for (const text of [plain(stdout).replace(/\s+/g, " "), readFileSync(join(folder, "r.html"), "utf8")]) {
      expect(text).toContain("On the held-out half it cannot be judged: no bright transient counts there.");
    }
  });

  it("says so where there is nothing to find", async () => {
    writeFileSync(join(folder, "t.csv"), "objectId,label\nA,0\nB,0\nC,0\nD,0\nE,0\n");
    writeFileSync(join(folder, "s.csv"), toCsv(FIVE));
    const { status, stdout, stderr } = await run([
      "tune",
      "--per-night",
      "3",
      "--scores",
      join(folder, "s.csv"),
      "--truth",
      join(folder, "t.csv"),
    ]);
    expect([status, JSON.parse(stdout)]).toEqual([
      1,
      expect.not.objectContaining({ best: expect.anything() as unknown }),
    ]);
    expect(stderr).toContain("on the searched half no bright transient counts, so there is nothing to find");
  });

  it.each([
    [[], "one goal is needed: --completeness or --per-night"],
    [["--completeness", "0.9", "--per-night", "2"], "one goal is needed"],
    [["--completeness", "90"], "A number from 0 to 1 is needed."],
    [["--per-night", "-1"], "A number, 0 or more, is needed."],
  ])("%j is wrong usage", async (args, words) => {
    const { status, stdout, stderr } = await run(["tune", ...args, ...files]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });
});
