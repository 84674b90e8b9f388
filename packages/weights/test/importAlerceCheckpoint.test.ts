import { ALERCE_STAMP_23, ALERCE_STAMP_26 } from "@btsbot/features";
import {
  ALERCE_FEATURES,
  alerceImageClassifier,
  alerceStampClassifier,
  initializeWeights,
  weightSpecs,
} from "@btsbot/model";
import type { Weights } from "@btsbot/model";
import type { BtsbotError } from "@btsbot/errors";
import { importAlerceCheckpoint } from "@btsbot/weights";
import type { AlerceFiles } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { randomWeights } from "./support/smallModel.js";
import { writeCheckpoint } from "./support/writeSavedModel.js";
import type { TestTensor } from "./support/writeSavedModel.js";

const definition = alerceStampClassifier();
const weights = randomWeights(definition, 3);

/** The checkpoint's variables as TensorFlow 1 names them, with some of the optimizer's state. */
function variables(network = definition, weights: Weights = randomWeights(definition, 3)): Map<string, TestTensor> {
  const tensors = new Map<string, TestTensor>();
  for (const { name } of weightSpecs(network)) {
    const [layer, weight] = name.split("/");
    if (layer === "standardize_features") continue;
    const scope = { conv: "/conv2d", dense: `/${layer}` }[layer.split("_")[0]] ?? "";
    tensors.set(`network/${layer}${scope}/${weight}`, weights.get(name)!);
    tensors.set(`network/${layer}${scope}/${weight}/Adam`, { shape: [1], values: new Float32Array(1) });
  }
  return tensors.set("optimizer/beta1_power", { shape: [], values: Float32Array.of(0.5) });
}

const [mean, std] = ["mean", "deviation"].map((name) => weights.get(`standardize_features/${name}`)!.values);
const statistics = () =>
  Array.from(mean, (value, i) => ({ name: ALERCE_STAMP_26.features[i].name, mean: value, std: std[i] }));
const toBytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function files(tensors = variables(), list: unknown = statistics()): AlerceFiles {
  const sorted = new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...writeCheckpoint(sorted), statistics: toBytes(list) };
}

async function rejection(promise: Promise<unknown>): Promise<BtsbotError> {
  return promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error as BtsbotError,
  );
}

describe("importAlerceCheckpoint", () => {
  it("finds every variable by its layer, and leaves the optimizer's state", async () => {
    const model = await importAlerceCheckpoint(files(), definition, { citation: "Somebody 2021" });
    expect(model.weights).toEqual(weights);
    expect(model.source).toEqual({ citation: "Somebody 2021" });
  });

  it("reads a network of images alone, which has no statistics", async () => {
    const images = alerceImageClassifier();
    const own = randomWeights(images, 4);
    const { index, shards } = files(variables(images, own));
    const model = await importAlerceCheckpoint({ index, shards }, images);
    expect(model.weights).toEqual(own);
    expect(model.definition.inputs.map(({ kind }) => kind)).toEqual(["image"]);
  });

  it("asks for the statistics of a network that reads features", async () => {
    const { index, shards } = files();
    expect(await rejection(importAlerceCheckpoint({ index, shards }, definition))).toMatchObject({
      code: "model-invalid",
      path: "statistics",
      expected: "a list of 26",
      got: "nothing",
    });
  });

  it("names every variable that is missing or misshapen", async () => {
    const tensors = variables();
    tensors.delete("network/conv_2_2/conv2d/kernel");
    tensors.set("network/output_logits/bias", { shape: [4], values: new Float32Array(4) });
    const { problems } = await rejection(importAlerceCheckpoint(files(tensors), definition));
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "weights-missing conv_2_2/kernel",
      "weights-misshapen output_logits/bias",
    ]);
  });

  it("says that the checkpoint of one variant is not the other's", async () => {
    const other = alerceStampClassifier({ features: 23, kernelSize: 5 });
    const { problems } = await rejection(
      importAlerceCheckpoint(
        files(
          undefined,
          statistics().filter(({ name }) => !["rb", "distnr", "magnr"].includes(name)),
        ),
        other,
      ),
    );
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toContain("weights-misshapen dense_2_12/kernel");
    expect(initializeWeights(other, 1).get("dense_2_12/kernel")!.shape).toEqual([87, 64]);
  });

  it.each([
    ["another number of features", statistics().slice(1), "statistics", "a list of 25"],
    ["no list", { mean: 0 }, "statistics", "object"],
    [
      "a deviation of 0",
      [...statistics().slice(0, 25), { name: "sharpnr", mean: 1, std: 0 }],
      "statistics[25] sharpnr",
      "1 and 0",
    ],
    ["no mean", [null, ...statistics().slice(1)], "statistics[0]", "undefined"],
    [
      "a name alone",
      [{ name: "sgscore1" }, ...statistics().slice(1)],
      "statistics[0] sgscore1",
      "undefined and undefined",
    ],
  ])("refuses statistics with %s", async (_, list, path, got) => {
    const error = await rejection(importAlerceCheckpoint(files(undefined, list), definition));
    expect(error).toMatchObject({ code: "model-invalid", path, got });
  });

  it("knows the features of both profiles", () => {
    for (const { name, features } of [ALERCE_STAMP_26, ALERCE_STAMP_23]) {
      expect(ALERCE_FEATURES[name as keyof typeof ALERCE_FEATURES]).toEqual(features.map((feature) => feature.name));
    }
  });

  it("names every place where statistics are in another order", async () => {
    const { problems } = await rejection(importAlerceCheckpoint(files(undefined, statistics().reverse()), definition));
    expect(problems).toHaveLength(26);
    expect(problems[0]).toMatchObject({
      code: "model-invalid",
      path: "statistics[0]",
      expected: "sgscore1",
      got: "sharpnr",
    });
    expect(problems[25]).toMatchObject({
      code: "model-invalid",
      path: "statistics[25]",
      expected: "sharpnr",
      got: "sgscore1",
    });
  });

  it("names the file where names are given", async () => {
    const names = { checkpoint: "alerce/model", statistics: "stats.json" };
    const good = { ...files(), names };
    const path = async (wrong: Partial<AlerceFiles>) =>
      (await rejection(importAlerceCheckpoint({ ...good, ...wrong }, definition))).path;
    expect(await path({ index: good.index.subarray(0, 10) })).toBe("alerce/model.index: index");
    expect(await path({ shards: [new Uint8Array(0)] })).toMatch(/^alerce\/model\.data-00000-of-00001: network\//);
    expect(await path({ statistics: toBytes(statistics().reverse()) })).toBe("stats.json[0]");
    const tensors = variables();
    tensors.delete("network/conv_2_2/conv2d/kernel");
    expect(await path(files(tensors))).toBe("alerce/model: conv_2_2/kernel");
  });

  it("refuses statistics that are not JSON, and files cut short", async () => {
    const good = files();
    const text = new TextEncoder().encode("[");
    expect(await rejection(importAlerceCheckpoint({ ...good, statistics: text }, definition))).toMatchObject({
      code: "model-invalid",
    });
    const index = good.index.subarray(0, 100);
    expect(await rejection(importAlerceCheckpoint({ ...good, index }, definition))).toMatchObject({
      code: "checkpoint-invalid",
    });
    const shards = [good.shards[0].subarray(0, 1000)];
    expect(await rejection(importAlerceCheckpoint({ ...good, shards }, definition))).toMatchObject({
      code: "checkpoint-invalid",
    });
  });
});
