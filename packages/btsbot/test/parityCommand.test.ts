import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { BTSBOT_V1 } from "@btsbot/features";
import { describeWithData } from "../../../test/support/testData.js";
import { readReference } from "../../../test/support/reference.js";
import { fillAgeModel, makeAlert, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

interface Line {
  readonly file: string;
  readonly index: number;
  readonly candid: string;
  readonly profile: string;
  readonly outcome: string;
  readonly baseScore: number | null;
  readonly score: number | null;
  readonly shift: number | null;
  readonly differences: readonly {
    readonly name: string;
    readonly base: number;
    readonly other: number;
    readonly alone: number | null;
  }[];
  readonly reasons?: readonly { readonly feature?: string }[];
}

interface Sums {
  readonly flipped: number;
  readonly lost: number;
  readonly gained: number;
  readonly unscored: number;
  readonly same: number;
  readonly moved: number;
  readonly largestShift: number;
  readonly features: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

interface Summary {
  readonly model: string;
  readonly alerts: number;
  readonly unreadable: number;
  readonly profiles: Readonly<Record<string, Sums>>;
}

const scoreOf = (age: number): number => 1 / (1 + Math.exp(2 - age / 10));

let folder: string;
let cache: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillAgeModel(temporaryFolder());
});

async function compare(
  args: readonly string[],
): Promise<{ readonly status: number; readonly lines: Line[]; readonly summary: Summary; readonly stderr: string }> {
  const { status, lines, stderr } = await run(["parity", ...args, "--format", "jsonl"], { cache });
  const all = lines();
  return {
    status,
    stderr,
    lines: all.slice(0, -1) as unknown as Line[],
    summary: (all.at(-1) as { summary: Summary }).summary,
  };
}

describe("JSON Lines", () => {
  it("gives each alert and profile its line, with BOOM's age, and the sums at the end", async () => {
    // First seen 5 days before day 0, in the packet 4 days before: ages 5 and 35 here, -4 and -34 for BOOM.
    const file = writePacket(folder, "a.avro", [makeAlert(0), makeAlert(30)]);
    const { status, lines, summary, stderr } = await compare([file]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(lines.map(({ index, profile, outcome }) => [index, profile, outcome])).toEqual([
      [0, "kowalski", "same"],
      [0, "boom-2025", "moved"],
      [0, "boom-2026", "same"],
      [1, "kowalski", "same"],
      [1, "boom-2025", "flipped"],
      [1, "boom-2026", "same"],
    ]);
    const flipped = lines[4];
    expect(flipped.baseScore).toBeCloseTo(scoreOf(35), 6);
    expect(flipped.score).toBeCloseTo(scoreOf(-34), 6);
    expect(flipped.shift).toBeCloseTo(scoreOf(-34) - scoreOf(35), 6);
    // The peak is the packet's detection: 1 day after jdstarthist, and BOOM's first point itself.
    expect(flipped.differences.map(({ name, base, other }) => [name, base, other])).toEqual([
      ["age", 35, -34],
      ["days_to_peak", 1, 0],
    ]);
    expect(flipped.differences[0].alone).toBeCloseTo(scoreOf(-34), 6);
    expect(flipped.differences[1].alone).toBeCloseTo(scoreOf(35), 6);
    expect(summary).toMatchObject({ model: "btsbot-v1.0.1", alerts: 2, unreadable: 0 });
    expect(summary.profiles.kowalski).toMatchObject({ same: 2, flipped: 0, largestShift: 0, features: {} });
    expect(summary.profiles["boom-2025"]).toMatchObject({
      same: 0,
      moved: 1,
      flipped: 1,
      lost: 0,
      gained: 0,
      unscored: 0,
    });
    expect(summary.profiles["boom-2025"].features.age).toMatchObject({
      alerts: 2,
      largestDifference: -69,
      flipsAlone: 1,
      missing: 0,
    });
    expect(summary.profiles["boom-2025"].features.days_to_peak).toMatchObject({ flipsAlone: 0, largestDifference: -1 });
  });

  it("compares the profiles that are asked for, and goes on after what cannot be read", async () => {
    const bad = join(folder, "bad.avro");
    writeFileSync(bad, "no alert");
    const { candidate } = makeAlert(30);
    const good = writePacket(folder, "good.avro", [makeAlert(30, { candidate: { ...candidate, jdstarthist: null } })]);
    const { status, lines, summary, stderr } = await compare([bad, good, "--profile", "kowalski", "--batch", "1"]);
    expect(status).toBe(1);
    expect(stderr).toContain("could not be read");
    expect(lines[0]).toMatchObject({ file: bad, error: { code: "input-unrecognized" } });
    expect(lines[1]).toMatchObject({ profile: "kowalski", outcome: "lost", score: null, shift: null });
    expect(lines[1].reasons!.map(({ feature }) => feature)).toEqual(["age", "days_to_peak"]);
    expect(summary).toMatchObject({
      alerts: 1,
      unreadable: 1,
      profiles: { kowalski: { lost: 1, features: { age: { missing: 1 } } } },
    });
    expect(Object.keys(summary.profiles)).toEqual(["kowalski"]);
  });
});

describe("--profile FILE", () => {
  it("compares with a profile of one's own, as data or as a program, and writes its rules", async () => {
    const good = writePacket(folder, "good.avro", [makeAlert(30)]);
    const names = BTSBOT_V1.features.map(({ name }) => name);
    const features = names.map((name) => (name === "age" ? { name, meaning: "always 7", rule: 7 } : { name, rule: 1 }));
    writeFileSync(join(folder, "own.json"), JSON.stringify({ name: "own", features }));
    writeFileSync(
      join(folder, "own.mjs"),
      `export const profile = { name: "program", source: "", features: ${JSON.stringify(names)}.map((name) =>
        ({ name, unit: "", meaning: "", path: "", value: () => (name === "age" ? 7 : 1) })) };`,
    );
    const files = ["own.json", "own.mjs"].map((file) => join(folder, file));
    const { status, lines, stderr } = await compare([good, ...files.flatMap((file) => ["--profile", file])]);
    expect(status, stderr).toBe(0);
    expect(lines.map(({ profile, score }) => [profile, score?.toFixed(6)])).toEqual([
      ["own", scoreOf(7).toFixed(6)],
      ["program", scoreOf(7).toFixed(6)],
    ]);
    const { stdout } = await run(["parity", good, "--profile", files[0]], { cache });
    expect(stdout).toContain("age: always 7");
  });
});

describe("the report", () => {
  it("tells sums, rules with their source, flips with their causes, losses and gains, in 80 columns", async () => {
    const { candidate } = makeAlert(30);
    const file = writePacket(folder, "a.avro", [
      makeAlert(30),
      makeAlert(31, { candidate: { ...candidate, jdstarthist: null } }),
      makeAlert(32, { candidate: { ...candidate, drb: null, rb: 0.5 } }),
    ]);
    const { status, stdout, stderr } = await run(["parity", file], { cache });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").filter((line) => plain(line).length > 80)).toEqual([]);
    const [kowalski, boom] = stdout.split("\nboom-2025\n");
    expect(kowalski).toContain("btsbot-v1.0.1: 3 alerts under btsbot-v1");
    expect(kowalski).toContain("1 scored under btsbot-v1 only, 1 under kowalski only, 0 under neither");
    expect(kowalski).toContain("feature-missing age");
    expect(kowalski).toContain("new_drb: rb where drb is absent or null");
    expect(kowalski).not.toContain("Decisions that flip");
    expect(boom).toContain("boom-astro/boom");
    expect(boom).toContain("2 decisions flip at 0.5");
    expect(boom).toMatch(
      /Decisions that flip at 0\.5\n {2}ZTF20aaaaaae 1127495406315015030 {2}0\.8176 -> 0\.0045\n {4}age 35 -> -34, alone 0\.0045/,
    );
    expect(boom).toContain("Besides");
  });

  it("tells on standard error what cannot be read", async () => {
    const { status, stdout, stderr } = await run(
      ["parity", join(folder, "missing.avro"), writePacket(folder, "a.avro", [makeAlert(1)])],
      { cache },
    );
    expect(status).toBe(1);
    expect(stderr).toContain("missing.avro: cannot be read");
    expect(stdout).toContain("1 alert under");
  });
});

it("compares under the model that ships as long as the published one is not here, and says so", async () => {
  const file = writePacket(folder, "a.avro", [makeAlert(1)]);
  const { status, stdout, stderr } = await run(["parity", file], { cache: temporaryFolder() });
  expect(status).toBe(0);
  expect(stdout).toContain("btsbot-mini");
  expect(stderr).toMatch(/^btsbot: .*btsbot-mini.*btsbot models pull btsbot-v1\.0\.1\n$/);
});

it.each([
  [["--profile", "acai"], "acai cannot take the place of btsbot-v1"],
  [["--profile", "acai"], "Compare it with a profile of the same features, in the same order."],
  [["--profile", "broker-x"], "boom-2025"],
  [["--model", "btsbot-v1.0"], "not in the cache"],
])("%j is wrong usage, and it says why", async (args, message) => {
  const { status, stdout, stderr } = await run(["parity", "a.avro", ...args], { cache });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

describeWithData("btsbot parity on real packets", (dataFolder) => {
  it("scores the base as the reference does, and finds what docs/parity.md tells", async () => {
    cache = temporaryFolder();
    await run(["models", "pull", "btsbot-v1.0.1", "--from", `${dataFolder}/models`], { cache });
    const { status, lines, summary } = await compare([`${dataFolder}/alerts`]);
    expect(status).toBe(0);
    const references = new Map(
      readReference(dataFolder).map((reference) => [
        `${dataFolder}/alerts/${reference.file}/${reference.index}`,
        reference,
      ]),
    );
    expect(lines).toHaveLength(3 * references.size);
    for (const { file, index, baseScore } of lines) {
      const expected = references.get(`${file}/${index}`)!.scores?.["btsbot-v1.0.1"] ?? null;
      if (expected === null) expect(baseScore, file).toBeNull();
      else expect(Math.abs(baseScore! - expected), file).toBeLessThanOrEqual(1e-5);
    }
    expect(summary.profiles.kowalski).toMatchObject({
      same: 130,
      moved: 0,
      flipped: 0,
      lost: 0,
      gained: 1,
      unscored: 1,
    });
    expect(summary.profiles["boom-2025"]).toMatchObject({
      same: 20,
      moved: 102,
      flipped: 8,
      lost: 0,
      gained: 0,
      unscored: 2,
    });
    const shifts = lines.flatMap(({ profile, shift }) =>
      profile === "boom-2025" && shift !== null ? [Math.abs(shift)] : [],
    );
    expect([0.01, 0.1].map((least) => shifts.filter((shift) => shift >= least).length)).toEqual([25, 14]);
    expect(lines.filter(({ outcome, baseScore }) => outcome === "flipped" && baseScore! >= 0.5)).toEqual([]);
    expect(summary.profiles["boom-2025"].features.age.alerts).toBe(113);
    expect(summary.profiles["boom-2025"].features.age.flipsAlone).toBe(0);
    expect(summary.profiles["boom-2025"].features.stamps.alerts).toBe(6);
    expect(summary.profiles["boom-2025"].largestShift).toBeCloseTo(0.9985, 4);
    const newer = summary.profiles["boom-2026"];
    expect(newer).toMatchObject({ same: 100, moved: 30, flipped: 0, lost: 0, gained: 0, unscored: 2 });
    expect(newer.largestShift).toBeCloseTo(-0.014, 4);
    expect(newer.features.maxmag_so_far.alerts).toBe(23);
    expect(newer.features.age).toBeUndefined();
  });
});
