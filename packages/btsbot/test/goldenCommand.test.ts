import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readReference } from "../../../test/support/reference.js";
import { describeWithData } from "../../../test/support/testData.js";
import { fillCache, makeAlert, withCutStamp, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";
import type { RunResult } from "./support/runInProcess.js";

const MODEL = "btsbot-v1.0.1";
const HEADER = { format: "btsbot-golden", formatVersion: 1 };

interface Line {
  objectId: string;
  candid: string;
  stamps: Record<string, Record<string, number> | null>;
  triplets: Record<string, Record<string, Record<string, number>> | null>;
  features: Record<string, Record<string, number | null>>;
  scores: Record<string, number | null>;
}

let folder: string;
let cache: string;
let packets: string;

beforeEach(async () => {
  folder = temporaryFolder();
  cache = await fillCache(temporaryFolder());
  packets = writePacket(folder, "a.avro", [makeAlert(0), makeAlert(1), withCutStamp(makeAlert(2))]);
});

/** Writes a golden file of the packets and gives its lines. */
async function makeGolden(): Promise<{ readonly header: Record<string, unknown>; readonly alerts: Line[] }> {
  const { status, stderr, lines } = await run(["golden", packets], { cache });
  expect([status, stderr]).toEqual([0, ""]);
  const [header, ...alerts] = lines();
  return { header, alerts: alerts as unknown as Line[] };
}

function write(lines: readonly unknown[]): string {
  const path = join(folder, "golden.jsonl");
  writeFileSync(path, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  return path;
}

async function check(
  lines: readonly unknown[],
  ...args: string[]
): Promise<RunResult & { readonly found: Record<string, unknown>[]; readonly summary: Record<string, unknown> }> {
  const result = await run(["golden", "--check", write(lines), packets, "--format", "jsonl", ...args], { cache });
  const all = result.lines();
  return { ...result, found: all.slice(0, -1), summary: all.at(-1)!.summary as Record<string, unknown> };
}

describe("btsbot golden", () => {
  it("writes a header and a line for each alert, with everything by name", async () => {
    const { header, alerts } = await makeGolden();
    expect(header).toMatchObject({ ...HEADER, tolerances: { feature: 1e-9, triplet: 1e-6, score: 1e-5 } });
    expect(header.models).toEqual({
      [MODEL]: {
        version: "0",
        weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        definitionSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(alerts.map(({ candid }) => candid)).toEqual([
      "1127495406315015000",
      "1127495406315015001",
      "1127495406315015002",
    ]);
    const [first, , cut] = alerts;
    expect(Object.keys(first)).toEqual(["objectId", "candid", "stamps", "triplets", "features", "scores"]);
    expect(first.stamps.science).toEqual({ width: 63, height: 63, nanCount: 0 });
    expect(first.features["btsbot-v1"]).toMatchObject({ age: 5, magpsf: 18, new_drb: Math.fround(0.99) });
    const { sum, center, last } = first.triplets["l2-63"]!.science;
    // The pixels of the packet by its recipe, and their norm.
    const pixels = Array.from({ length: 3969 }, (_, index) => ((index * 7919) % 101) - 20);
    const norm = Math.hypot(...pixels);
    expect(sum).toBeCloseTo(pixels.reduce((total, pixel) => total + pixel, 0) / norm, 5);
    expect([center, last]).toEqual([Math.fround(pixels[31 * 63 + 31] / norm), Math.fround(pixels[3968] / norm)]);
    expect(first.scores[MODEL]).toBeGreaterThan(0);
    expect([cut.stamps.template, cut.triplets["l2-63"], cut.scores[MODEL]]).toEqual([null, null, null]);
    expect(cut.stamps.science).not.toBeNull();
  });

  it("writes more profiles and models where they are asked for, and goes on after what cannot be read", async () => {
    const missing = join(folder, "missing.avro");
    const { status, stderr, lines } = await run(["golden", missing, packets, "-m", "small", "-p", "boom-2025"], {
      cache,
    });
    expect(status).toBe(1);
    expect(stderr).toContain("missing.avro: cannot be read");
    const [header, first] = lines() as unknown as [Record<string, object>, Line];
    expect(Object.keys(header.models)).toEqual(["small"]);
    expect(Object.keys(first.features)).toEqual(["btsbot-v1", "boom-2025"]);
    expect(first.features["boom-2025"].age).toBe(-4);
  });
});

describe("btsbot golden --check", () => {
  it("agrees with its own file", async () => {
    const { header, alerts } = await makeGolden();
    const { status, found, summary } = await check([header, ...alerts]);
    expect([status, found]).toEqual([0, []]);
    // Stamps 9 + 9 + (3 + 0 + 3 numbers and one null), triplets 9 + 9 + null, 25 features and a score each.
    expect(summary).toMatchObject({
      alerts: 3,
      differing: 0,
      missing: 0,
      extra: 0,
      different: 0,
      compared: 25 + 19 + 3 * 26,
      unreadable: 0,
    });
    expect(summary.notCompared).toEqual({ stamps: 0, triplets: 0, features: 0, scores: 0 });
  });

  it("finds a changed score, a changed feature, a stamp and a triplet, each with its path", async () => {
    const { header, alerts } = await makeGolden();
    const [score, pixel] = [alerts[0].scores[MODEL]!, alerts[1].triplets["l2-63"]!.template.center];
    alerts[0].scores[MODEL] = score + 1e-3;
    alerts[0].features["btsbot-v1"].age = -4;
    alerts[1].features["btsbot-v1"].sky = null;
    alerts[1].triplets["l2-63"]!.template.center = pixel + 1e-4;
    alerts[2].stamps.science!.nanCount = 7;
    alerts[2].scores[MODEL] = 0.5;
    const { status, found, summary } = await check([header, ...alerts]);
    expect(status).toBe(1);
    const candid = (place: number) => `112749540631501500${place}`;
    expect(found).toEqual([
      { objectId: "ZTF20aaaaaaa", candid: candid(0), path: "features.btsbot-v1.age", expected: -4, got: 5 },
      { objectId: "ZTF20aaaaaaa", candid: candid(0), path: `scores.${MODEL}`, expected: score + 1e-3, got: score },
      {
        objectId: "ZTF20aaaaaab",
        candid: candid(1),
        path: "triplets.l2-63.template.center",
        expected: pixel + 1e-4,
        got: pixel,
      },
      {
        objectId: "ZTF20aaaaaab",
        candid: candid(1),
        path: "features.btsbot-v1.sky",
        expected: null,
        got: Math.fround(0.2),
      },
      { objectId: "ZTF20aaaaaac", candid: candid(2), path: "stamps.science.nanCount", expected: 7, got: 0 },
      { objectId: "ZTF20aaaaaac", candid: candid(2), path: `scores.${MODEL}`, expected: 0.5, got: null },
    ]);
    expect(summary).toMatchObject({ alerts: 3, differing: 3, different: 6 });
    expect((summary.paths as object[])[0]).toEqual({ path: "features.btsbot-v1.age", count: 1, largest: 9 });
  });

  it("takes the file's tolerances, and the command line's before them", async () => {
    const { header, alerts } = await makeGolden();
    alerts[0].scores[MODEL]! += 1e-3;
    const wide = { ...header, tolerances: { score: 0.01 } };
    expect((await check([wide, ...alerts])).status).toBe(0);
    expect((await check([wide, ...alerts], "--score-tolerance", "1e-4")).status).toBe(1);
    expect((await check([header, ...alerts], "--score-tolerance", "0.01")).status).toBe(0);
    alerts[0].features["btsbot-v1"].ra! += 1e-8;
    expect((await check([wide, ...alerts])).status).toBe(0);
    alerts[0].features["btsbot-v1"].ra! += 1e-6;
    expect((await check([wide, ...alerts])).status).toBe(1);
  });

  it("tells alerts that are missing and extra, and counts one that comes twice", async () => {
    const { header, alerts } = await makeGolden();
    const other = { ...alerts[0], candid: "-12" };
    const { status, found, summary } = await check([header, alerts[1], other, alerts[2], alerts[2]]);
    expect(status).toBe(1);
    expect(found).toEqual([
      { objectId: "ZTF20aaaaaaa", candid: "1127495406315015000", extra: true },
      { objectId: "ZTF20aaaaaaa", candid: "-12", missing: true },
      { objectId: "ZTF20aaaaaac", candid: "1127495406315015002", missing: true },
    ]);
    expect(summary).toMatchObject({ alerts: 2, missing: 2, extra: 1, different: 0 });
  });

  it("compares what another pipeline writes and counts what it leaves out, without a model where there are no scores", async () => {
    const theirs = [0, 1, 2].map((place) => {
      const { objectId, candid } = makeAlert(place);
      return { objectId, candid: String(candid), features: { "btsbot-v1": { age: 5 + place } } };
    });
    const golden = write([HEADER, ...theirs]);
    const { status, stdout, stderr } = await run(["golden", "--check", golden, packets]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("3 values compared, 0 differ");
    expect(stdout).toContain("72 of features");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    ["a misspelled feature", { features: { "btsbot-v1": { age: 5, magPSF: 18 } } }, "features.btsbot-v1.magPSF"],
    ["a triplet that is none", { features: { "btsbot-v1": { age: 5 } }, triplets: { "l3-63": {} } }, "triplets.l3-63"],
  ])("does not pass with %s, though all else agrees", async (_, sections, name) => {
    const { objectId, candid } = makeAlert(0);
    packets = writePacket(folder, "one.avro", [makeAlert(0)]);
    const lines = [HEADER, { objectId, candid: String(candid), ...sections }];
    const { status, found, summary, stderr } = await check(lines);
    expect([status, found]).toEqual([1, []]);
    expect(summary).toMatchObject({ compared: 1, different: 0, unknown: [name] });
    expect(stderr).toBe(`btsbot: 1 name of the golden file is not known here: ${name}\n`);
    const text = await run(["golden", "--check", write(lines), packets], { cache });
    expect([text.status, text.stderr]).toEqual([1, stderr]);
    expect(text.stdout).toContain(`unknown here: ${name}`);
  });

  it("does not pass where every name is misspelled, and tells how many", async () => {
    const { objectId, candid } = makeAlert(0);
    packets = writePacket(folder, "one.avro", [makeAlert(0)]);
    const { status, stderr } = await check([
      HEADER,
      { objectId, candid: String(candid), features: { "btsbot-v1": { Age: 5, magPSF: 18 } } },
    ]);
    expect(status).toBe(1);
    expect(stderr).toBe(
      "btsbot: nothing was compared\nbtsbot: 2 names of the golden file are not known here, such as features.btsbot-v1.Age\n",
    );
  });

  it.each([
    ["alerts without values", [{}]],
    ["a profile without features", [{ features: { "btsbot-v1": {} } }]],
    ["no alert on either side", []],
  ])("does not pass where nothing is compared: %s", async (_, alerts) => {
    packets = writePacket(
      folder,
      "some.avro",
      alerts.map((_alert, place) => makeAlert(place)),
    );
    const lines = alerts.map((sections, place) => ({
      objectId: makeAlert(place).objectId,
      candid: String(makeAlert(place).candid),
      ...sections,
    }));
    const { status, found, summary, stderr } = await check([HEADER, ...lines]);
    expect([status, found, stderr]).toEqual([1, [], "btsbot: nothing was compared\n"]);
    expect(summary).toMatchObject({ compared: 0, different: 0, missing: 0, extra: 0 });
  });

  it("sees other weights, and says so in words", async () => {
    const { header, alerts } = await makeGolden();
    const models = { [MODEL]: { version: "0", weightsSha256: "0".repeat(64) } };
    alerts[1].features["btsbot-v1"].age = 7;
    const { status, stdout } = await run(["golden", "--check", write([{ ...header, models }, ...alerts]), packets], {
      cache,
    });
    expect(status).toBe(1);
    expect(stdout).toContain(`models.${MODEL}.weightsSha256: expected\n   000`);
    expect(stdout).toContain("ZTF20aaaaaab 1127495406315015001 features.btsbot-v1.age: expected 7, got 6");
    expect(stdout).toMatch(/features\.btsbot-v1\.age +1 +-1\n/);
  });

  it("does not pass where an input cannot be read", async () => {
    const { header, alerts } = await makeGolden();
    const { status, stderr, summary } = await check([header, ...alerts], join(folder, "missing.avro"));
    expect([status, summary.different, summary.unreadable]).toEqual([1, 0, 1]);
    expect(stderr).toContain("missing.avro");
  });

  it.each([
    ["an empty file", [], "the file is empty"],
    ["no header", [{ objectId: "ZTF20aaaaaaa", candid: "1" }], "golden.jsonl:1: format"],
    [
      "another version",
      [{ ...HEADER, formatVersion: 2 }],
      "formatVersion: a different version of the format (expected 1, got 2)",
    ],
    ["bad tolerances", [{ ...HEADER, tolerances: { score: "tight" } }], "golden.jsonl:1: tolerances"],
    ["a cut line", [HEADER, '{"objectId":"ZTF2'], "golden.jsonl:2: the line is not JSON"],
    ["a list", [HEADER, "[1]"], "golden.jsonl:2: the line is not a JSON object"],
    [
      "an id as a number",
      [HEADER, '{"objectId":"ZTF20aaaaaaa","candid":1127495406315015000}'],
      "candid: the alert's id is needed (expected a string of digits",
    ],
    ["no name", [HEADER, { candid: "1" }], "golden.jsonl:2: objectId"],
    [
      "a word for a number",
      [HEADER, { objectId: "a", candid: "1", features: { "btsbot-v1": { age: "old" } } }],
      'features.btsbot-v1.age: it is not understood (expected a number, null or an object, got "old")',
    ],
    ["a number for scores", [HEADER, { objectId: "a", candid: "1", scores: 0.5 }], "scores: it is not understood"],
  ])("refuses %s and says where", async (_, lines, message) => {
    const { status, stdout, stderr } = await run(["golden", "--check", write(lines), packets], { cache });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  it("tells all the damaged lines at once", async () => {
    const { stderr } = await run(
      ["golden", "--check", write([HEADER, "{", ...Array.from({ length: 30 }, () => "x")]), packets],
      { cache },
    );
    expect(stderr).toContain("golden.jsonl:2:");
    expect(stderr).toContain("golden.jsonl:11:");
    expect(stderr).toContain("and 21 more");
  });

  it.each([
    ["a profile that is not known", { features: { "broker-x": { age: 1 } } }, [], 2, "broker-x"],
    ["a model that is not here", { scores: { "btsbot-v1.0": 1 } }, [], 2, "not in the cache"],
    ["a tolerance that is none", {}, ["--score-tolerance", "tight"], 2, "A number, 0 or more"],
  ])("says what is wrong with %s", async (_, sections, args, expected, message) => {
    const golden = write([HEADER, { objectId: "a", candid: "1", ...sections }]);
    const { status, stderr } = await run(["golden", "--check", golden, packets, ...args], { cache });
    expect(status).toBe(expected);
    expect(stderr).toContain(message);
  });
});

it("writes the scores of the model that ships as long as the published one is not here, and says so", async () => {
  const { status, stderr, lines } = await run(["golden", packets], { cache: temporaryFolder() });
  expect(status).toBe(0);
  expect(Object.keys(lines()[0].models as object)).toEqual(["btsbot-mini"]);
  expect(stderr).toMatch(/^btsbot: .*btsbot-mini.*btsbot models pull btsbot-v1\.0\.1\n$/);
  // The file names its model: whoever checks it needs no other.
  const file = join(folder, "mini.jsonl");
  writeFileSync(
    file,
    lines()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  );
  expect((await run(["golden", "--check", file, packets], { cache })).status).toBe(0);
});

describeWithData("btsbot golden --check with another implementation's numbers", (dataFolder) => {
  it("agrees with the reference on stamps, triplets, features and scores of every packet", async () => {
    cache = temporaryFolder();
    await run(["models", "pull", MODEL, "--from", `${dataFolder}/models`], { cache });
    const planes = ["science", "template", "difference"];
    const byPlane = (make: (place: number) => object) =>
      Object.fromEntries(planes.map((plane, place) => [plane, make(place)]));
    const lines = readReference(dataFolder).map(({ objectId, candid, cutouts, triplet, features_btsbot, scores }) => ({
      objectId,
      candid,
      ...(cutouts && {
        stamps: byPlane((place) => ({
          width: cutouts[place].shape[1],
          height: cutouts[place].shape[0],
          nanCount: cutouts[place].nan,
        })),
      }),
      ...(triplet && {
        triplets: {
          "l2-63": byPlane((place) => ({
            sum: triplet.sum[place],
            center: triplet.center[place],
            last: triplet.last[place],
          })),
        },
      }),
      ...(features_btsbot && { features: { "btsbot-v1": features_btsbot } }),
      ...(scores && { scores: { [MODEL]: scores[MODEL] } }),
    }));
    packets = `${dataFolder}/alerts`;
    const { status, found, summary, stderr } = await check([HEADER, ...lines]);
    expect([found, stderr]).toEqual([[], ""]);
    expect(status).toBe(0);
    expect(summary).toMatchObject({ alerts: 132, missing: 0, extra: 0 });
    expect(summary.compared).toBeGreaterThan(5000);
    expect(readFileSync(join(folder, "golden.jsonl"), "utf8").split("\n")).toHaveLength(133);
  });
});
