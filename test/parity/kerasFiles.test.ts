import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLayersModel } from "@btsbot/model";
import type { KerasImport, Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { importKeras, importKerasHdf5 } from "@btsbot/weights";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { describeWithData } from "../support/testData.js";

/** Of profile acai's length, which all the files' vectors have. */
const DETAILS = { name: "mine", version: "1", profile: "acai" };

interface Expected {
  readonly x: readonly unknown[];
  readonly y: readonly (readonly number[])[];
}

async function predict(model: Model, { x, y }: Expected): Promise<number[][]> {
  const prepared = await createSimdEngine().prepare(model);
  const { inputs } = model.definition;
  const batch = Object.fromEntries(
    inputs.map(({ name }, place) => [name, Float32Array.from((x[place] as number[]).flat(9))]),
  );
  const output = await prepared.predict(batch, y.length);
  prepared.dispose();
  return y.map((row, place) => [...output.subarray(place * row.length, (place + 1) * row.length)]);
}

function expectNear(got: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  expect(got.length).toBe(wanted.length);
  wanted.flat().forEach((value, place) => expect(Math.abs(got.flat()[place] - value)).toBeLessThanOrEqual(1e-6));
}

// No advice on the console to install another backend.
tf.env().set("IS_TEST", true);

describeWithData("files of Keras 3, quantised ones, and those of tfjs", (folder) => {
  const keras3 = join(folder, "cases", "keras3");
  const read = (name: string) => readFile(join(keras3, name));
  const expectedOf = async (name: string) =>
    JSON.parse(await readFile(join(keras3, `${name}.expected.json`), "utf8")) as Expected;
  const layersModel = (...path: string[]) =>
    readLayersModel((file) => readFile(join(folder, "cases", ...path, file)), DETAILS);

  const five = { classes: ["a", "b", "c", "d", "e"] };
  it.each<[string, Partial<KerasImport>]>([
    ["sequential", {}],
    ["functional-relu-layer", {}],
    ["gap-activation", {}],
    ["softmax5", five],
    ["stride", {}],
    ["tanh", {}],
  ])("%s.h5 gives what Keras gives", async (name, more) => {
    const model = await importKerasHdf5(await read(`${name}.h5`), { ...DETAILS, ...more, file: `${name}.h5` });
    const expected = await expectedOf(name);
    expectNear(await predict(model, expected), expected.y);
  });

  it.each([
    ["lstm", /lstm\.class_name: not supported \(expected .+, got LSTM\)/],
    ["shared", /shared\.inbound_nodes: not supported \(expected a layer used once, .+, got 2 uses of it\)/],
    ["residual", /add\.class_name: not supported \(expected .+, got Add\)/],
  ])("%s.h5 is refused by name, with what wrote it and the way out", async (name, message) => {
    const details = { ...DETAILS, file: `${name}.h5` };
    const error: unknown = await importKerasHdf5(await read(`${name}.h5`), details).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "BtsbotError" });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(
      /Keras 3\.15\.1 wrote this network\. Layers that are read.+ONNX.+readOnnxModel/,
    );
  });

  it("logit.h5 is refused with what to give, and with it gives a probability", async () => {
    const bytes = await read("logit.h5");
    const error: unknown = await importKerasHdf5(bytes, DETAILS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "output-not-probability", got: "linear" });
    expect((error as Error).message).toContain('`activation: "sigmoid"`');
    const model = await importKerasHdf5(bytes, { ...DETAILS, activation: "sigmoid" });
    const expected = await expectedOf("logit");
    const y = expected.y.map((row) => row.map((value) => 1 / (1 + Math.exp(-value))));
    expectNear(await predict(model, expected), y);
    const already = importKerasHdf5(await read("tanh.h5"), { ...DETAILS, activation: "sigmoid" });
    await expect(already).rejects.toThrow(/ends in probabilities already.+Leave `activation` out/);
  });

  it("functional.keras is read, as a file of its own format; weights alone say what is missing", async () => {
    const model = await importKeras(await read("functional.keras"), DETAILS);
    const expected = await expectedOf("sequential");
    expectNear(await predict(model, expected), expected.y);
    expect((await importKeras(await read("sequential.h5"), DETAILS)).sha256).toBe(model.sha256);
    await expect(importKerasHdf5(await read("functional.keras"), DETAILS)).rejects.toThrow(/zip archive.+importKeras/);
    const alone = importKeras(await read("functional.weights.h5"), DETAILS);
    await expect(alone).rejects.toThrow(/weights alone.+the network is missing.+Save the whole model/);
  });

  it("tfjs-keras3 is imported", async () => {
    const model = await layersModel("tfjs-keras3");
    expect(model.sha256).toBe((await importKeras(await read("sequential.h5"), DETAILS)).sha256);
  });

  it.each(["float16", "uint8"])("quantised/%s has the weights that tfjs reads", async (name) => {
    const { weights } = await layersModel("quantised", name);
    const place = join(folder, "cases", "quantised", name);
    const json = JSON.parse(await readFile(join(place, "model.json"), "utf8")) as {
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
    };
    const bytes = await readFile(join(place, "group1-shard1of1.bin"));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const theirs = tf.io.decodeWeights(buffer, json.weightsManifest[0].weights);
    expect([...weights.keys()].sort()).toEqual(Object.keys(theirs).sort());
    for (const [weight, tensor] of Object.entries(theirs)) {
      expect(weights.get(weight)!.values).toEqual(tensor.dataSync());
      expect(weights.get(weight)!.shape).toEqual(tensor.shape);
      tensor.dispose();
    }
  });
});
