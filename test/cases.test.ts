import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLayersModel } from "@btsbot/model";
import type { KerasImport, Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { openTable } from "@btsbot/tables";
import { readCandidates } from "@btsbot/train";
import { importKeras } from "@btsbot/weights";
import { expect, it } from "vitest";
import { run, temporaryFolder } from "../packages/btsbot/test/support/runInProcess.js";
import { describeWithData } from "./support/testData.js";

/** The vectors of these files have the length of ACAI's. */
const DETAILS: KerasImport = { name: "mine", version: "1", profile: "acai" };
const SCORE = ["score", "--model", "btsbot-mini", "--format", "jsonl"];

interface Line {
  readonly objectId?: string;
  readonly candid?: string;
  readonly scores?: Readonly<Record<string, { readonly score?: number }>>;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What each input does, by its path; a folder's or a pair's inputs stand together. */
type Cases = Readonly<Record<string, (path: string) => Promise<void>>>;

async function score(...args: readonly string[]): Promise<{ lines: Line[]; status: number; stderr: string }> {
  const { lines, status, stderr } = await run([...SCORE, ...args]);
  return { lines: lines() as Line[], status, stderr };
}

/** Scores the input, and finds these alerts and no complaint. */
const scores =
  (...candids: readonly string[]) =>
  async (path: string): Promise<void> => {
    const { lines, status } = await score(path);
    expect(lines.map(({ candid }) => candid)).toEqual(candids);
    expect(lines.every(({ scores: of }) => typeof of?.["btsbot-mini"]?.score === "number")).toBe(true);
    expect(status).toBe(0);
  };

/** Refuses the input, with one line that has the code and says this. */
const refuses =
  (code: string, message: RegExp) =>
  async (path: string): Promise<void> => {
    const { lines, status } = await score(path);
    expect(lines.map(({ error }) => error?.code)).toEqual([code]);
    expect(lines[0].error!.message).toMatch(message);
    expect(status).toBe(1);
  };

/** Imports the network; what it answers is what Keras answered. */
const imports =
  (more: Partial<KerasImport> = {}, change = (y: number): number => y) =>
  async (path: string): Promise<void> => {
    const model = await importKeras(readFileSync(path), { ...DETAILS, ...more });
    const { x, y } = JSON.parse(readFileSync(path.replace(/\.h5$/, ".expected.json"), "utf8")) as Expected;
    const got = await predict(model, x, y.length);
    y.flat().forEach((value, place) => expect(Math.abs(got[place] - change(value))).toBeLessThanOrEqual(1e-6));
    expect(got.length).toBe(y.flat().length);
  };

interface Expected {
  readonly x: readonly unknown[][];
  readonly y: readonly (readonly number[])[];
}

async function predict(model: Model, x: readonly unknown[][], rows: number): Promise<Float32Array> {
  const prepared = await createSimdEngine().prepare(model);
  const inputs = model.definition.inputs.map(({ name }, place) => [
    name,
    Float32Array.from(x[place].flat(9) as number[]),
  ]);
  const output = await prepared.predict(Object.fromEntries(inputs), rows);
  prepared.dispose();
  return output;
}

/** Refuses the network, saying this. */
const importRefuses =
  (message: RegExp) =>
  async (path: string): Promise<void> => {
    await expect(importKeras(readFileSync(path), DETAILS)).rejects.toThrow(message);
    await expect(importKeras(readFileSync(path), DETAILS)).rejects.toMatchObject({ name: "BtsbotError" });
  };

/** Imports a folder of tfjs; the weights are those of tfjs, by the tests of `readLayersModel`. */
async function importsLayers(folder: string): Promise<void> {
  const model = await readLayersModel(async (file) => readFileSync(join(folder, file)), DETAILS);
  expect([...model.weights.values()].every(({ values }) => values.every(Number.isFinite))).toBe(true);
}

const sigmoid = (y: number): number => 1 / (1 + Math.exp(-y));

const CASES: Cases = {
  "keras3/sequential.h5": imports(),
  "keras3/functional-relu-layer.h5": imports(),
  "keras3/gap-activation.h5": imports(),
  "keras3/softmax5.h5": imports({ classes: ["a", "b", "c", "d", "e"] }),
  "keras3/stride.h5": imports(),
  "keras3/tanh.h5": imports(),
  "keras3/lstm.h5": importRefuses(/LSTM/),
  "keras3/shared.h5": importRefuses(/layer used once/),
  "keras3/residual.h5": importRefuses(/\bAdd\b/),
  "keras3/logit.h5": async (path) => {
    await importRefuses(/linear.*`activation: "sigmoid"`/)(path);
    await imports({ activation: "sigmoid" }, sigmoid)(path);
  },
  "keras3/functional.keras": async (path) => {
    const model = await importKeras(readFileSync(path), DETAILS);
    expect(model.definition.inputs.length).toBeGreaterThan(0);
  },
  "keras3/functional.weights.h5": importRefuses(/the network is missing/),
  "quantised/float16": importsLayers,
  "quantised/uint8": importsLayers,
  "tfjs-keras3": importsLayers,
  "archives/single.avro.gz": scores("1127561445515015011"),
  "archives/ztf_public_20200203.tar.gz": scores(
    "1127561442515015001",
    "1127536316315015004",
    "1127561442115015003",
    "1127561444715015009",
    "1127561443215015014",
  ),
  "archives/folder": async (path) => {
    const { lines, stderr } = await score("--recursive", path);
    expect(lines.map(({ candid }) => candid).sort()).toEqual(["1127561441415015002", "1127561445515015011"]);
    expect(stderr).toMatch(/skipped 1 hidden file: .*\._a\.avro/);
  },
  "archives/two-containers.avro": scores("1127561445515015011", "1127536316315015004"),
  "archives/html.avro": refuses("input-unrecognized", /HTML page/),
  "archives/pointer.avro": refuses("input-unrecognized", /Git LFS pointer/),
  "archives/stamps-as-lists.json": scores("1127561445515015011"),
  "same-exposure": async (path) => {
    const fired = async (names: readonly string[], ...options: readonly string[]) =>
      (await run(["decide", "--filter", "none", ...options, ...names.map((name) => join(path, name))])).lines();
    const rounded = ["a-exact.avro", "b-rounded.json"];
    expect(await fired(rounded, "--model", "btsbot-mini", "--policy", "bts_p1")).toEqual([]);
    const three = join(temporaryFolder(), "three.json");
    writeFileSync(three, JSON.stringify({ name: "three", action: "save", require: [{ count: 3, where: [] }] }));
    const copies = readdirSync(path).filter((name) => name.startsWith("ZTF18acruwxq"));
    expect(copies).toHaveLength(3);
    expect(await fired(copies, "--model", "btsbot-mini", "--policy", three)).toEqual([]);
  },
  "hostile/amplify-array-65KB.avro": refuses("avro-length-invalid", /limit/),
  "hostile/amplify-map-24KB.avro": refuses("avro-length-invalid", /limit/),
  "tables/isdiffpos-pandas.csv": async (path) => {
    // The first five rows spell it t, 1, True, -1 and 1.0.
    const { alerts } = await readCandidates(path);
    expect(alerts.slice(0, 5).map(({ positive }) => positive)).toEqual([true, true, true, false, true]);
  },
  "tables/semicolon.csv": async (path) => {
    const read = async (): Promise<void> => {
      const { rows } = await openTable(path);
      for await (const row of rows) expect(row).toBeDefined();
    };
    await expect(read()).rejects.toThrow(/;/);
  },
  "tables/rounded-candid-scores.csv": async (path) => {
    const truth = join(temporaryFolder(), "truth.csv");
    const lines = readFileSync(path, "utf8").trim().split("\n");
    const sources = new Set(lines.slice(1).map((line) => line.split(",")[0]));
    writeFileSync(truth, ["objectId,label", ...[...sources].map((id) => `${id},1`)].join("\n"));
    const once = join(temporaryFolder(), "once.csv");
    writeFileSync(once, [...new Set(lines)].join("\n"));
    const backtest = async (table: string) => {
      const args = ["backtest", "gt2", "--scores", table, "--truth", truth, "--format", "json"];
      const { alerts, policies } = JSON.parse((await run(args)).stdout) as {
        alerts: { count: number };
        policies: unknown;
      };
      return { count: alerts.count, policies };
    };
    const twice = await backtest(path);
    expect(twice.count).toBe(new Set(lines).size - 1);
    expect(twice).toEqual(await backtest(once));
  },
};

describeWithData("inputs that went wrong", (data) => {
  const root = join(data, "cases");

  it("are all here", () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^README|\.expected\.json$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    const names = Object.keys(CASES);
    const without = files.filter((file) => !names.some((name) => file === name || file.startsWith(`${name}/`)));
    expect(files.length).toBeGreaterThan(20);
    expect(without).toEqual([]);
  });

  it.each(Object.keys(CASES))("%s", (name) => CASES[name](join(root, name)));
});
