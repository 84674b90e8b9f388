import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { encodeAlerts } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import type { ScoreOutcome } from "@btsbot/core";
import { OptionsError } from "@btsbot/errors";
import { packetFeature, parseProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { createModel, initializeWeights } from "@btsbot/model";
import type { GivenProfile, Model, ModelDefinition } from "@btsbot/model";
import { createScorerPool } from "@btsbot/pool";
import type { PoolOptions } from "@btsbot/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { makeAlert } from "./makeAlert.js";

const ALERTS = Array.from({ length: 5 }, (_, place) => makeAlert(place));
const DATA: ProfileData = { name: "mine", features: ["magpsf", { name: "twice", rule: { "*": [2, "ra"] } }] };
const PROGRAM: FeatureProfile = {
  name: "mine",
  source: "",
  features: [packetFeature("magpsf"), { ...packetFeature("ra"), value: ({ alert }) => 2 * alert.candidate.ra! }],
};
/** The same as a user would write it, without this library. */
const MODULE = `export const profile = { name: "mine", source: "", features: [
  { name: "magpsf", unit: "", meaning: "", path: "", value: ({ alert }) => alert.candidate.magpsf },
  { name: "twice", unit: "", meaning: "", path: "", value: ({ alert }) => 2 * alert.candidate.ra },
] };`;

let folder: string;
beforeAll(() => {
  // The threads run what is built.
  setup(() => undefined);
  folder = mkdtempSync(join(tmpdir(), "btsbot-profiles-"));
  writeFileSync(join(folder, "profile.mjs"), MODULE);
  writeFileSync(join(folder, "other.mjs"), "export const profil = 1;");
  writeFileSync(
    join(folder, "describe.mjs"),
    "export const describe = ({ candid, candidate }) => ({ candid, fid: candidate.fid });",
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const at = (file: string): URL => pathToFileURL(join(folder, file));

async function makeModel(profile: GivenProfile): Promise<Model> {
  const definition: ModelDefinition = {
    name: "own",
    version: "1",
    inputs: [{ kind: "features", name: "metadata", profile, length: 2 }],
    layers: [
      { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 1e-3, momentum: 0.99 },
      { type: "dense", name: "score", inputs: ["norm"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "score" },
  };
  return createModel(definition, initializeWeights(definition, 3));
}

async function collect(outcomes: AsyncIterable<ScoreOutcome>): Promise<readonly unknown[]> {
  const scores: unknown[] = [];
  for await (const outcome of outcomes)
    scores.push(outcome.success && (outcome.data.scores.own as { readonly score?: number }).score);
  return scores;
}

async function scoreInPool(options: PoolOptions): Promise<readonly unknown[]> {
  const pool = await createScorerPool({ workers: 2, ...options });
  try {
    return await collect(pool.scoreAlerts(ALERTS));
  } finally {
    await pool.close();
  }
}

describe("a pool with a profile of one's own", () => {
  it.each<[string, () => Promise<PoolOptions>]>([
    ["as data in the definition", async () => ({ models: await makeModel(DATA) })],
    ["parsed, in the definition", async () => ({ models: await makeModel(parseProfile(DATA)) })],
    ["as data beside it", async () => ({ models: await makeModel("mine"), profiles: [DATA] })],
    ["parsed, beside it", async () => ({ models: await makeModel("mine"), profiles: [parseProfile(DATA)] })],
    ["as a module's address", async () => ({ models: await makeModel("mine"), profiles: [at("profile.mjs")] })],
  ])("scores as one thread does: %s", async (_, make) => {
    const scorer = await createScorer({ models: await makeModel("mine"), profiles: [PROGRAM] });
    const expected = await collect(scorer.scoreAlerts(ALERTS));
    scorer.dispose();
    expect(expected.every((score) => typeof score === "number")).toBe(true);
    expect(await scoreInPool(await make())).toEqual(expected);
  });

  it.each<[string, () => Promise<PoolOptions>, RegExp]>([
    [
      "a program beside it",
      async () => ({ models: await makeModel("mine"), profiles: [PROGRAM] }),
      /cannot be sent to a worker .*new URL/,
    ],
    [
      "a program in the definition",
      async () => ({ models: await makeModel(PROGRAM) }),
      /cannot be sent to a worker .*new URL/,
    ],
    [
      "a module that is not there",
      async () => ({ models: await makeModel("mine"), profiles: [at("no.mjs")] }),
      /module cannot be loaded/,
    ],
    [
      "a module without it",
      async () => ({ models: await makeModel("mine"), profiles: [at("other.mjs")] }),
      /an export named profile, got profil/,
    ],
    ["no list", async () => ({ models: await makeModel("mine"), profiles: DATA as never }), /`profiles` to be a list/],
  ])("refuses %s, and says what to do", async (_, make, message) => {
    await expect(make().then(scoreInPool)).rejects.toThrow(message);
  });
});

describe("what else comes back of an alert", () => {
  it("is what a module says of it in the worker, also where bytes were sent", async () => {
    const pool = await createScorerPool({ workers: 2, describe: at("describe.mjs") });
    const seen: unknown[] = [];
    for await (const outcome of pool.scoreAlerts([encodeAlerts(ALERTS), new Uint8Array(0), ...ALERTS]))
      seen.push(outcome.success ? outcome.described : outcome.error.code);
    await pool.close();
    const expected = ALERTS.map(({ candid, candidate }) => ({ candid, fid: candidate.fid }));
    expect(seen).toEqual([...expected, "input-empty", ...expected]);
  });

  it.each([
    [
      "a module that is not there",
      "no.mjs",
      /`describe` to be the address of a module .* got .*no\.mjs \(.*Cannot find/,
    ],
    ["a module without it", "other.mjs", /other\.mjs \(no such export\)/],
  ])("refuses %s, and says what to do", async (_, file, message) => {
    const made = createScorerPool({ workers: 1, describe: at(file) });
    await expect(made).rejects.toThrow(message);
    await expect(made).rejects.toBeInstanceOf(OptionsError);
  });
});
