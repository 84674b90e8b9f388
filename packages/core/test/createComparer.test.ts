import { gzipSync } from "node:zlib";
import { writeFits } from "@btsbot/cutout";
import type { Alert } from "@btsbot/alert";
import { createModel, featuresNn, initializeWeights, mmCnn } from "@btsbot/model";
import type { Engine, Model } from "@btsbot/model";
import { beforeAll, expect, it } from "vitest";
import { BRIGHT_CANDIDATE } from "../../../test/support/brightCandidate.js";
import { stubEngine } from "../../../test/support/stubEngine.js";
import { createComparer } from "../src/index.js";

const JD = 2461000.5;
const AGE = 13;

function makeCutout(width: number, height: number) {
  const pixels = Float32Array.from({ length: width * height }, (_, index) => (index % 97) + 1);
  return { fileName: null, stampData: new Uint8Array(gzipSync(writeFits({ width, height, pixels }))) };
}

/** A source that was first seen `old` days before this alert, and 4 days before it in the packet. */
function makeAlert(
  old: number,
  change: Record<string, number | string | null> = {},
  [width, height] = [63, 63],
): Alert {
  const cutout = makeCutout(width, height);
  return {
    objectId: "ZTF26aaaaaaa",
    candid: BigInt(old),
    candidate: { ...BRIGHT_CANDIDATE, jd: JD, magpsf: 18.25, jdstarthist: JD - old, rb: 0.5, ...change },
    prv_candidates: [{ jd: JD - 4, fid: 2, magpsf: 19.5, sigmapsf: 0.2, isdiffpos: "t", candid: 1_000_000n }],
    cutoutScience: cutout,
    cutoutTemplate: cutout,
    cutoutDifference: cutout,
  };
}

/** The score is age / 100, kept within 0 and 1, plus the first pixel where that is asked for. */
function ageEngine(runs: number[] = [], pixelWeight = 0): Engine {
  return stubEngine(async ({ metadata, triplet }, count) => {
    runs.push(count);
    return Float32Array.from({ length: count }, (_, index) => {
      const pixel = pixelWeight * triplet[index * 63 * 63 * 3];
      return Math.min(1, Math.max(0, metadata[25 * index + AGE] / 100)) + pixel;
    });
  });
}

let model: Model;
beforeAll(async () => {
  model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
});

it("finds that BOOM's age runs back to the packet's first detection, and that it flips the decision", async () => {
  const comparer = await createComparer({ model, engine: ageEngine() });
  const [old, young] = await comparer.compare([makeAlert(80), makeAlert(4)]);
  expect([comparer.base, comparer.profiles]).toEqual(["btsbot-v1", ["kowalski", "boom-2025", "boom-2026"]]);
  expect(old.base).toEqual({ profile: "btsbot-v1", score: Math.fround(0.8), reasons: [] });
  expect(old.others[0]).toMatchObject({ profile: "kowalski", outcome: "same", shift: 0, differences: [] });
  // Base: from jdstarthist 80 days ago; BOOM: from the alert back to the detection 4 days ago. Peak: the alert.
  expect(old.others[1]).toMatchObject({ profile: "boom-2025", outcome: "flipped", score: 0, shift: -Math.fround(0.8) });
  expect(old.others[1].differences).toEqual([
    { name: "age", base: 80, other: -4, alone: 0 },
    { name: "days_to_peak", base: 80, other: 4, alone: Math.fround(0.8) },
  ]);
  expect(young.others[1]).toMatchObject({ outcome: "moved", score: 0 });
  expect(young.others[1].differences).toEqual([{ name: "age", base: 4, other: -4, alone: 0 }]);
});

it("tells lost and gained scores apart, with reasons", async () => {
  const comparer = await createComparer({ model, engine: ageEngine() });
  const [lost, gained, neither] = await comparer.compare([
    makeAlert(9, { jdstarthist: null }),
    makeAlert(9, { drb: null }),
    makeAlert(9, { sky: null }),
  ]);
  expect(lost.others[0]).toMatchObject({ outcome: "lost", score: null, shift: null });
  expect(lost.others[0].reasons.map(({ feature }) => feature)).toEqual(["age", "days_to_peak"]);
  expect(lost.others[0].differences[0]).toEqual({ name: "age", base: 4, other: null, alone: null });
  expect(gained.others[0]).toMatchObject({ outcome: "gained", shift: null, reasons: [] });
  expect(gained.others[0].differences).toEqual([{ name: "new_drb", base: null, other: 0.5, alone: null }]);
  expect(gained.others[1].outcome).toBe("unscored");
  expect(neither.others.map(({ outcome }) => outcome)).toEqual(["unscored", "unscored", "unscored"]);
  expect(neither.base.reasons[0].feature).toBe("sky");
});

it("pads small stamps under boom-2025 as BOOM did, and counts that as a difference of its own", async () => {
  const comparer = await createComparer({ model, engine: ageEngine([], 100) });
  const [small] = await comparer.compare([makeAlert(80, {}, [61, 63])]);
  // The first pixel is in the stamp for training, in the padding for BOOM.
  const pixel = small.base.score! - 0.8;
  expect(pixel).toBeGreaterThan(0.01);
  const { differences, score } = small.others[1];
  expect(score).toBe(0);
  expect(differences.map(({ name }) => name)).toEqual(["age", "days_to_peak", "stamps"]);
  expect(differences[0].alone).toBeCloseTo(pixel, 6);
  expect(differences[2]).toEqual({ name: "stamps", base: null, other: null, alone: Math.fround(0.8) });
  expect(small.others[0].outcome).toBe("same");
});

it("runs an alert once where nothing differs, and keeps the order across batches", async () => {
  const runs: number[] = [];
  const comparer = await createComparer({ model, engine: ageEngine(runs), profiles: ["kowalski"], batchSize: 2 });
  const compared = await comparer.compare([10, 20, 30].map((old) => makeAlert(old)));
  expect(compared.map(({ base }) => base.score)).toEqual([0.1, 0.2, 0.3].map(Math.fround));
  expect(runs).toEqual([2, 1]);
});

it("takes history and a real/bogus score as a scorer does", async () => {
  const stored = [{ jd: JD - 60, fid: 1, magpsf: 19, sigmapsf: 0.1, isdiffpos: "t", candid: 5n }];
  const comparer = await createComparer({ model, engine: ageEngine(), history: () => stored, realBogus: () => 0.25 });
  const [compared] = await comparer.compare([makeAlert(80, { drb: null })]);
  expect(compared.others[1].differences[0]).toMatchObject({ name: "age", base: 80, other: -60 });
  expect(compared.others[0].differences.map(({ name }) => name)).not.toContain("new_drb");
});

it("does not report what is no number as a score", async () => {
  const engine = ageEngine([], NaN);
  const comparer = await createComparer({ model, engine });
  const [{ base, others }] = await comparer.compare([makeAlert(80)]);
  expect(base).toMatchObject({ score: null, reasons: [{ code: "output-non-finite" }] });
  expect(others[1].outcome).toBe("unscored");
});

it.each([
  ["acai", "profile-mismatch"],
  ["btsbot-v0.3", "profile-mismatch"],
  ["btsbot-v9", "profile-unknown"],
])("refuses the profile %s", async (profile, code) => {
  await expect(createComparer({ model, engine: ageEngine(), profiles: [profile] })).rejects.toMatchObject({ code });
});

it("refuses a model whose answer no profile moves, or that has several", async () => {
  const blind = {
    ...model,
    definition: { ...model.definition, inputs: model.definition.inputs.filter(({ kind }) => kind === "image") },
  };
  await expect(createComparer({ model: blind, engine: ageEngine() })).rejects.toMatchObject({
    code: "profile-mismatch",
  });
  const classes = {
    ...model,
    definition: { ...model.definition, output: { kind: "classes", layer: "fc_out", classes: ["a", "b"] } as const },
  };
  await expect(createComparer({ model: classes, engine: ageEngine() })).rejects.toMatchObject({
    code: "profile-mismatch",
    got: "classes",
  });
});

it("compares a model without stamps from features alone", async () => {
  const definition = featuresNn("nn");
  const comparer = await createComparer({ model: await createModel(definition, initializeWeights(definition, 1)) });
  const alert = { ...makeAlert(80), cutoutScience: null, cutoutTemplate: null, cutoutDifference: null };
  const [{ base, others }] = await comparer.compare([alert]);
  expect(base.score).not.toBeNull();
  expect(others[1].differences.map(({ name }) => name)).toEqual(["age", "days_to_peak"]);
  comparer.dispose();
});
