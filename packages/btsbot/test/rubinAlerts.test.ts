import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts, LSST, toAlert } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { createModel, initializeWeights, writeLayersModel } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { beforeEach, describe, expect, it } from "vitest";
import { frameRubin, makeRubinPacket } from "../../../test/support/rubin.js";
import type { RubinTruth } from "../../../test/support/rubin.js";
import { describeWithData } from "../../../test/support/testData.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillCache, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

const OBJECT = 170_055_001_640_894_469n;
const ID = 170_032_890_044_678_150n;

/** One night of a source that rises from magnitude 22.5 to 20. */
function night(day: number, fields: Partial<RubinTruth> = {}): Alert {
  const bands = ["g", "r", "i"] as const;
  const flux = [3631, 9120, 36310];
  const point = (at: number) => ({ diaSourceId: ID + BigInt(at), mjd: 60000.25 + at, band: bands[at], flux: flux[at] });
  const before = Array.from({ length: day }, (_, at) => point(at));
  const forced = [{ mjd: 59990.25, band: "u" as const, flux: 10, fluxErr: 100 }];
  const packet = makeRubinPacket({ ...point(day), diaObjectId: OBJECT, before, forced, ...fields });
  return toAlert(packet, { surveys: [LSST] });
}

/** A small network on Rubin's fields and stamps: its score is over 0.5 where reliability is. */
async function writeOwnModel(folder: string): Promise<string> {
  const profile = {
    name: "rubin-two",
    survey: "lsst",
    features: ["reliability", { name: "edge", rule: "pixelFlags_edge" }],
  };
  const definition: ModelDefinition = {
    name: "mine",
    version: "1",
    inputs: [
      { kind: "image", name: "stamps", preprocessing: { normalization: "l2", size: 30 } },
      { kind: "features", name: "fields", profile, length: 2 },
    ],
    layers: [
      { type: "globalAveragePooling2d", name: "mean", inputs: ["stamps"] },
      { type: "concatenate", name: "both", inputs: ["mean", "fields"] },
      { type: "dense", name: "score", inputs: ["both"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "score" },
  };
  const weights = new Map(initializeWeights(definition, 1));
  weights.set("score/kernel", { shape: [5, 1], values: Float32Array.of(0, 0, 0, 10, -10) });
  weights.set("score/bias", { shape: [1], values: Float32Array.of(-5) });
  const path = join(folder, "mine");
  mkdirSync(path);
  for (const [name, bytes] of writeLayersModel(await createModel(definition, weights)))
    writeFileSync(join(path, name), bytes);
  return `${path}/`;
}

let folder: string;
let alerts: string;
beforeEach(() => {
  folder = temporaryFolder();
  alerts = join(folder, "alerts");
  mkdirSync(alerts);
});

function write(name: string, content: object | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof Uint8Array ? content : JSON.stringify(content));
  return path;
}

describe("btsbot, of Rubin's alerts, without being told", () => {
  it("inspects one, framed, and draws its stamps north up", async () => {
    const file = write("framed.avro", frameRubin(night(2)));
    const picture = join(folder, "a.png");
    const { status, stdout, stderr } = await run(["inspect", file, "--png", picture]);
    expect(status).toBe(0);
    const text = plain(stdout);
    expect(text).toMatch(
      /^170055001640894469 {2}170032890044678152 {2}2023-02-27 05:59 UT {2}i {2}20\.00 ± 0\.00 mag\n/,
    );
    for (const part of [
      "survey lsst",
      "The survey's own fields",
      "reliability",
      "3 detections, 1 upper limits",
      "30 x 30",
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/cannot be scored {2}survey: .*a survey that is not read here/);
    expect(text).not.toContain("missing");
    expect(stderr).not.toContain("do not say how they lie");
    // Width and height of the PNG: three squares of 31, two gaps of 2, four times.
    const png = readFileSync(picture);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([4 * (3 * 31 + 4), 4 * 31]);
  });

  it.each(["1", "2"])(
    "scores a folder of both surveys with %s threads: each model its own",
    async (jobs) => {
      const cache = await fillCache(join(folder, "cache"));
      writePacket(alerts, "a.avro", [alertOf({ day: 0 })]);
      writeFileSync(join(alerts, "b.avro"), encodeAlerts([night(0)], { survey: LSST }));
      writeFileSync(join(alerts, "c.avro"), frameRubin(night(1)));
      const own = await writeOwnModel(folder);
      const { status, lines, stderr } = await run(
        ["score", alerts, "--model", own, "--model", "small", "--jobs", jobs, "--format", "jsonl"],
        { cache },
      );
      expect([status, stderr]).toEqual([0, expect.not.stringContaining("error")]);
      const results = lines() as unknown as {
        objectId: string;
        fid: number;
        candid: string;
        scores: Record<string, { status: string; score?: number; reasons?: { code: string }[] }>;
      }[];
      expect(results.map(({ objectId, fid }) => [objectId, fid])).toEqual([
        ["ZTF23aaaaaaa", 1],
        [`${OBJECT}`, 12],
        [`${OBJECT}`, 13],
      ]);
      const told = results.map(({ scores }) =>
        ["mine", "small"].map((name) => scores[name].reasons?.map(({ code }) => code) ?? "scored"),
      );
      const other = ["survey-unsupported"];
      expect(told).toEqual([
        [other, "scored"],
        ["scored", other],
        ["scored", other],
      ]);
      expect(results[1].scores.mine.score).toBeCloseTo(1 / (1 + Math.exp(-2.5)), 6);
      expect(results[1].candid).toBe(`${ID}`);
    },
    60_000,
  );

  it("decides by filters and policies on Rubin's own fields, and remembers both surveys", async () => {
    const filter = write("rubin.filter", {
      name: "rubin",
      description: "Real, a point, away from edges, brightening",
      rule: {
        any: [
          { compare: ["fid", "<=", 3], name: "ztf" },
          {
            all: [
              { compare: ["reliability", ">", 0.6], name: "real" },
              { compare: ["extendedness", "<", 0.5], name: "point" },
              { compare: ["pixelFlags_edge", "==", 0], name: "whole" },
              { compare: ["diaObject.nDiaSources", ">=", 1], name: "of an object" },
              { isdiffpos: "positive" },
              { compare: [{ count: { positive: true } }, ">=", 1] },
            ],
          },
        ],
      },
    });
    const policy = write("rubin.json", {
      name: "rubin",
      action: "save",
      require: [
        { count: 2, where: ["score >= 0.5", "magpsf <= 22", "diaObject.nDiaSources >= 2", "reliability > 0.6"] },
      ],
    });
    // Asks for no score: what ZTF's alert has none of.
    const bright = write("bright.json", {
      name: "bright",
      action: "save",
      require: [{ count: 1, where: ["magpsf <= 18.5", "fid <= 3"] }],
    });
    const own = await writeOwnModel(folder);
    const state = join(folder, "state");
    const args = [
      "decide",
      alerts,
      "--filter",
      filter,
      "--policy",
      policy,
      "--policy",
      bright,
      "--model",
      own,
      "--state",
      state,
      "--format",
      "jsonl",
    ];
    writePacket(alerts, "ztf-1.avro", [alertOf({ day: 0 })]);
    writeFileSync(
      join(alerts, "rubin-1.avro"),
      encodeAlerts([night(0), night(1), night(1, { diaSourceId: 9n, reliability: 0.5 })], { survey: LSST }),
    );
    const first = await run(args);
    expect(first.status).toBe(0);
    expect(first.lines()).toMatchObject([{ objectId: "ZTF23aaaaaaa", policy: "bright" }]);
    expect(first.stderr).toContain("4 alerts read, 3 passed, 2 scored, 1 decision");
    writeFileSync(join(alerts, "rubin-2.avro"), frameRubin(night(2)));
    const second = await run(args);
    expect(second.status).toBe(0);
    expect(second.lines()).toMatchObject([
      {
        objectId: `${OBJECT}`,
        candid: `${ID + 2n}`,
        policy: "rubin",
        action: "save",
        alerts: [{ candid: `${ID + 1n}` }, { candid: `${ID + 2n}` }],
      },
    ]);
    expect((await run(args)).stdout).toBe("");

    // The store holds the light curve with its ids in digits, bands and limits.
    const points = (await run(["store", "export", state, "--table", "points"])).lines() as unknown as {
      objectId: string;
      candid: string | null;
      fid: number;
      magpsf: number | null;
      diffmaglim?: number;
    }[];
    const rubin = points.filter(({ objectId }) => objectId === `${OBJECT}`);
    expect(rubin.filter(({ magpsf }) => magpsf != null).map(({ candid, fid }) => [candid, fid])).toEqual(
      expect.arrayContaining([
        [`${ID}`, 12],
        [`${ID + 1n}`, 13],
        [`${ID + 2n}`, 14],
      ]),
    );
    expect(rubin.filter(({ magpsf }) => magpsf == null)).toMatchObject([
      { fid: 11, diffmaglim: 31.4 - 2.5 * Math.log10(500) },
    ]);
    expect(points.some(({ objectId }) => objectId === "ZTF23aaaaaaa")).toBe(true);
  }, 60_000);
});

describeWithData("the data folder's alerts of Rubin", (folder) => {
  it.each(["rubin-confluent-900.avro", "rubin-10_0-sample.avro", "rubin-11_0-sample.avro"])(
    "%s is inspected, and refused by ZTF's model with one reason",
    async (file) => {
      const path = `${folder}/brokers/${file}`;
      const shown = await run(["inspect", path]);
      expect([shown.status, shown.stdout]).toEqual([0, expect.stringContaining("survey lsst")]);
      const { status, lines } = await run(["score", path, "--format", "jsonl"]);
      expect(status).toBe(0);
      expect(lines()).toMatchObject([
        { scores: { "btsbot-mini": { status: "unscored", reasons: [{ code: "survey-unsupported" }] } } },
      ]);
    },
  );
});
