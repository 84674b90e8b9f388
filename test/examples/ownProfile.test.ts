import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { root } from "../support/packages.js";

const run = promisify(execFile);

/**
 * A program of somebody else's: it simulates a night, trains a network of its own on 30 features (logistic regression on
 * standardized numbers), and writes it as Keras's converter to tfjs does, which says nothing of features or names.
 */
const TRAIN = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeAlerts, toLightCurve } from "@btsbot/alert";
import { extractFeatures, parseProfile } from "@btsbot/features";
import { simulateSurvey } from "@btsbot/simulate";

const profile = parseProfile(readFileSync("profile.json", "utf8"));
const n = profile.features.length;
const night = [...simulateSurvey({ nights: 3, sources: 60, seed: 7 })];
const rows = night.map(({ alert, truth }) => {
  const { values, reasons } = extractFeatures(profile, { alert, history: toLightCurve(alert) });
  if (reasons.length > 0) throw new Error(JSON.stringify(reasons));
  return { alert, values, label: truth.label };
});
const mean = Float32Array.from({ length: n }, (_, i) => rows.reduce((sum, { values }) => sum + values[i], 0) / rows.length);
const variance = Float32Array.from({ length: n }, (_, i) => rows.reduce((sum, { values }) => sum + (values[i] - mean[i]) ** 2, 0) / rows.length);
const scaled = ({ values }) => Array.from(values, (value, i) => (Math.fround(value) - mean[i]) / Math.sqrt(variance[i] + 1e-3));
const kernel = new Float32Array(n);
let bias = 0;
const predict = (x) => 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * kernel[i], bias)));
const inputs = rows.map(scaled);
const loss = () => rows.reduce((sum, { label }, row) => sum - Math.log(label ? predict(inputs[row]) : 1 - predict(inputs[row])), 0) / rows.length;
const before = loss();
for (let epoch = 0; epoch < 200; epoch += 1) {
  const slopes = new Float64Array(n + 1);
  rows.forEach(({ label }, row) => {
    const error = predict(inputs[row]) - label;
    inputs[row].forEach((value, i) => (slopes[i] += error * value));
    slopes[n] += error;
  });
  kernel.forEach((_, i) => (kernel[i] -= (0.3 * slopes[i]) / rows.length));
  bias -= (0.3 * slopes[n]) / rows.length;
}
const weights = [["norm/gamma", new Float32Array(n).fill(1)], ["norm/beta", new Float32Array(n)],
  ["norm/moving_mean", mean], ["norm/moving_variance", variance],
  ["score/kernel", kernel], ["score/bias", Float32Array.of(bias)]];
const layer = (class_name, name, config, inbound) => ({ class_name, name, config: { name, ...config }, inbound_nodes: inbound ? [[[inbound, 0, 0, {}]]] : [] });
const config = { name: "model", layers: [
    layer("InputLayer", "numbers", { batch_input_shape: [null, n], dtype: "float32" }),
    layer("BatchNormalization", "norm", { axis: [1], momentum: 0.99, epsilon: 0.001, center: true, scale: true }, "numbers"),
    layer("Dense", "score", { units: 1, activation: "sigmoid", use_bias: true }, "norm")],
  input_layers: [["numbers", 0, 0]], output_layers: [["score", 0, 0]] };
mkdirSync("mine");
writeFileSync("mine/model.json", JSON.stringify({ format: "layers-model", generatedBy: "keras v2.13.1", convertedBy: "TensorFlow.js Converter",
  modelTopology: { keras_version: "2.13.1", backend: "tensorflow", model_config: { class_name: "Functional", config } },
  weightsManifest: [{ paths: ["group1-shard1of1.bin"], weights: weights.map(([name, values]) => ({ name, dtype: "float32", shape: name === "score/kernel" ? [n, 1] : [values.length] })) }] }));
writeFileSync("mine/group1-shard1of1.bin", Buffer.concat(weights.map(([, values]) => Buffer.from(values.buffer))));
writeFileSync("night.avro", encodeAlerts(rows.map(({ alert }) => alert)));
console.log(JSON.stringify({ n, before, after: loss(), scores: rows.map((row) => predict(scaled(row))) }));
`;

/** The other way to the same scores. */
const SCORE = `
import { readFile } from "node:fs/promises";
import { createScorer } from "@btsbot/core";
import { parseProfile } from "@btsbot/features";
import { readLayersModel } from "@btsbot/model";

const profile = parseProfile(await readFile("profile.json", "utf8"));
const model = await readLayersModel((file) => readFile("mine/" + file), { name: "mine", version: "1", profile: "thirty" });
const scorer = await createScorer({ models: model, profiles: [profile] });
const scores = [];
for await (const outcome of scorer.scoreAlerts([await readFile("night.avro")])) scores.push(outcome.data.scores.mine);
scorer.dispose();
console.log(JSON.stringify(scores));
`;

interface Trained {
  readonly n: number;
  readonly before: number;
  readonly after: number;
  readonly scores: readonly number[];
}

describe("a model with 30 features of one's own, trained elsewhere", () => {
  let folder: string;
  let trained: Trained;

  const node = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [...args], { cwd: folder, env, maxBuffer: 1 << 26 })).stdout;
  const btsbot = (...args: readonly string[]): Promise<string> => node("node_modules/btsbot/dist/cli.js", ...args);
  const scoresOf = (lines: string): { score: number; provenance: Record<string, string>; flags: string[] }[] =>
    lines
      .trim()
      .split("\n")
      .map((line) => Object.values((JSON.parse(line) as { scores: object }).scores)[0] as never);
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    setup(() => undefined);
    folder = realpathSync(mkdtempSync(join(tmpdir(), "own-model-")));
    env = { ...process.env, BTSBOT_CACHE: join(folder, "cache"), NODE_OPTIONS: "" };
    symlinkSync(`${root}node_modules`, join(folder, "node_modules"), "junction");
    for (const file of ["profile.json", "profile.mjs"])
      copyFileSync(`${root}examples/own-profile/${file}`, join(folder, file));
    writeFileSync(join(folder, "train.mjs"), TRAIN);
    writeFileSync(join(folder, "score.mjs"), SCORE);
    trained = JSON.parse(await node("train.mjs")) as Trained;
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("lies outside of this repository, has 30 features, and has learnt", () => {
    expect(folder.startsWith(realpathSync(root))).toBe(false);
    expect(trained.n).toBe(30);
    expect(trained.after).toBeLessThan(trained.before / 2);
    expect(trained.scores.length).toBeGreaterThan(50);
  });

  it("is scored by createScorer and by the command alike, as its maker's own program has it", async () => {
    const scored = JSON.parse(await node("score.mjs")) as { score: number; provenance: { profileSha256: string } }[];
    scored.forEach(({ score }, place) => {
      expect(score).toBeCloseTo(trained.scores[place], 5);
    });
    await btsbot("models", "import", "mine", "--name", "mine", "--profile", "profile.json");
    const byName = scoresOf(await btsbot("score", "night.avro", "--model", "mine"));
    expect(byName.map(({ score }) => score)).toEqual(scored.map(({ score }) => score));
    expect(byName[0].provenance).toMatchObject({
      profile: "thirty",
      profileSha256: scored[0].provenance.profileSha256,
      realBogus: "packet",
    });
    const byFolder = scoresOf(await btsbot("score", "night.avro", "--model", "./cache/mine"));
    expect(byFolder).toEqual(byName);
  });

  it("is scored with a profile that is a program", async () => {
    await btsbot("models", "import", "mine", "--name", "program", "--profile", "profile.mjs");
    const scores = scoresOf(await btsbot("score", "night.avro", "--model", "program", "--profile", "profile.mjs"));
    scores.forEach(({ score }, place) => {
      expect(score).toBeCloseTo(trained.scores[place], 5);
    });
    await expect(btsbot("score", "night.avro", "--model", "program")).rejects.toThrow(
      /no feature profile has this name/,
    );
  });

  it("is not scored under a profile that it does not name", async () => {
    writeFileSync(join(folder, "other.json"), JSON.stringify({ name: "other", features: ["ra"] }));
    await expect(btsbot("score", "night.avro", "--model", "mine", "--profile", "other.json")).rejects.toThrow(
      /--profile: no model reads this profile \(expected thirty, got other\)/,
    );
  });

  it("says where a profile is wrong", async () => {
    writeFileSync(
      join(folder, "wrong.json"),
      JSON.stringify({ name: "wrong", features: [{ name: "a", rule: { histroy: "min" } }] }),
    );
    await expect(btsbot("score", "night.avro", "--profile", "wrong.json")).rejects.toThrow(
      /wrong\.json: features\[0\]\.rule: .*Did you mean "history"\?/,
    );
  });
});
