import { createRandom } from "@btsbot/chance";
import { createModel, inferShapes, inputLength } from "@btsbot/model";
import type { Batch, Layer, Model, ModelDefinition, ModelInput } from "@btsbot/model";
import { exportOnnx } from "@btsbot/weights";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { naiveForward } from "../../../test/support/naiveForward.js";
import { readPublishedModel } from "../../../test/support/publishedModel.js";
import { readSn2023tyk } from "../../../test/support/sn2023tyk.js";
import { describeWithData } from "../../../test/support/testData.js";
import { network, randomWeights, SMALL, smallModel } from "./support/smallModel.js";

/** float32 against float64 sums of some hundred terms of order 1. */
const TOLERANCE = 2e-5;

const VECTOR: ModelInput = { kind: "features", name: "metadata", profile: "btsbot-v1", length: 6 };
const image = (size: number): ModelInput => ({
  kind: "image",
  name: "triplet",
  preprocessing: { normalization: "l2", size },
});

async function runOnnx(model: Model, batch: Batch, count: number): Promise<Float32Array> {
  const session = await InferenceSession.create(exportOnnx(model), { logSeverityLevel: 3 });
  const shapes = inferShapes(model.definition);
  const feeds = Object.fromEntries(
    model.definition.inputs.map(({ name }) => [
      name,
      new Tensor("float32", batch[name], [count, ...shapes.get(name)!]),
    ]),
  );
  const { layer } = model.definition.output;
  const output = (await session.run(feeds))[layer];
  expect(output.dims).toEqual([count, ...shapes.get(layer)!]);
  await session.release();
  return output.data as Float32Array;
}

function randomBatch(definition: ModelDefinition, count: number): Batch {
  const random = createRandom(7);
  return Object.fromEntries(
    definition.inputs.map((input) => [
      input.name,
      Float32Array.from({ length: count * inputLength(input) }, () => 2 * random() - 1),
    ]),
  );
}

function alertOf(definition: ModelDefinition, batch: Batch, index: number): Batch {
  return Object.fromEntries(
    definition.inputs.map((input) => {
      const length = inputLength(input);
      return [input.name, batch[input.name].subarray(index * length, (index + 1) * length)];
    }),
  );
}

async function expectSame(definition: ModelDefinition): Promise<void> {
  const count = 3;
  const model = await createModel(definition, randomWeights(definition, 5));
  const batch = randomBatch(definition, count);
  const got = await runOnnx(model, batch, count);
  const expected = Array.from({ length: count }, (_, i) => [
    ...naiveForward(definition, model.weights, alertOf(definition, batch, i)),
  ]).flat();
  expect(got.length).toBe(expected.length);
  const differences = expected.map((value, i) => Math.abs(value - got[i]));
  expect(Math.max(...differences)).toBeLessThanOrEqual(TOLERANCE);
  // The answer is not one number that anything would give.
  expect(new Set(expected.map((value) => value.toFixed(6))).size).toBeGreaterThan(1);
}

const base = { name: "layer", inputs: ["triplet"] };
const conv = { type: "conv2d", ...base, filters: 4, useBias: true, activation: "linear", strides: [1, 1] } as const;
const separable = { ...conv, type: "separableConv2d", depthMultiplier: 2 } as const;
const pool = { type: "maxPooling2d", ...base } as const;

describe("exportOnnx, layer by layer, against loops in double precision", () => {
  const images: [string, number, Layer][] = [
    ["conv2d 3x3 same", 7, { ...conv, kernelSize: [3, 3], padding: "same" }],
    ["conv2d 4x2 same, stride 2x3", 7, { ...conv, kernelSize: [4, 2], strides: [2, 3], padding: "same" }],
    ["conv2d 2x2 same, even size, stride 2", 8, { ...conv, kernelSize: [2, 2], strides: [2, 2], padding: "same" }],
    ["conv2d 4x4 same, even size, stride 2", 8, { ...conv, kernelSize: [4, 4], strides: [2, 2], padding: "same" }],
    ["conv2d 1x1 same, stride 3", 8, { ...conv, kernelSize: [1, 1], strides: [3, 3], padding: "same" }],
    [
      "conv2d 3x5 valid, stride 2",
      9,
      { ...conv, kernelSize: [3, 5], strides: [2, 2], padding: "valid", activation: "relu" },
    ],
    [
      "conv2d without bias, tanh",
      6,
      { ...conv, kernelSize: [3, 3], padding: "valid", useBias: false, activation: "tanh" },
    ],
    ["conv2d softmax over the channels", 3, { ...conv, kernelSize: [3, 3], padding: "valid", activation: "softmax" }],
    ["separableConv2d same", 7, { ...separable, kernelSize: [3, 3], padding: "same", activation: "relu" }],
    [
      "separableConv2d 4x4 same, stride 2, no bias",
      8,
      { ...separable, kernelSize: [4, 4], strides: [2, 2], padding: "same", useBias: false },
    ],
    [
      "separableConv2d valid, multiplier 1",
      6,
      { ...separable, kernelSize: [3, 2], padding: "valid", depthMultiplier: 1 },
    ],
    ["maxPooling2d valid", 7, { ...pool, poolSize: [2, 2], strides: [2, 2], padding: "valid" }],
    ["maxPooling2d same", 7, { ...pool, poolSize: [3, 2], strides: [2, 2], padding: "same" }],
    ["maxPooling2d same, stride above the window", 8, { ...pool, poolSize: [2, 2], strides: [3, 3], padding: "same" }],
    ["globalAveragePooling2d", 5, { type: "globalAveragePooling2d", ...base }],
    ["flatten", 4, { type: "flatten", ...base }],
    ["batchNormalization of an image", 4, { type: "batchNormalization", ...base, epsilon: 0.01, momentum: 0.99 }],
    ["activation of an image", 4, { type: "activation", ...base, activation: "sigmoid" }],
    [
      "zeroPadding2d",
      4,
      {
        type: "zeroPadding2d",
        ...base,
        padding: [
          [1, 2],
          [0, 3],
        ],
      },
    ],
    ["standardize of an image", 4, { type: "standardize", ...base }],
    ["dropout of an image", 4, { type: "dropout", ...base, rate: 0.5 }],
  ];
  it.each(images)("%s", async (_, size, layer) => expectSame(network(image(size), [layer])));

  const vector = { name: "layer", inputs: ["metadata"] };
  const vectors: [string, Layer][] = [
    ["dense", { type: "dense", ...vector, units: 3, activation: "sigmoid", useBias: true }],
    ["dense without bias", { type: "dense", ...vector, units: 3, activation: "linear", useBias: false }],
    ["dense softmax", { type: "dense", ...vector, units: 3, activation: "softmax", useBias: true }],
    ["activation relu", { type: "activation", ...vector, activation: "relu" }],
    ["activation tanh", { type: "activation", ...vector, activation: "tanh" }],
    ["activation linear", { type: "activation", ...vector, activation: "linear" }],
    ["flatten of a vector", { type: "flatten", ...vector }],
    ["batchNormalization", { type: "batchNormalization", ...vector, epsilon: 0.001, momentum: 0.99 }],
    [
      "clip",
      {
        type: "clip",
        ...vector,
        bounds: [
          [-0.5, 0.5],
          [null, 0],
          [0, null],
          [null, null],
          [-0.1, 0.1],
          [0.2, 0.2],
        ],
      },
    ],
    ["standardize", { type: "standardize", ...vector }],
    ["dropout", { type: "dropout", ...vector, rate: 0.5 }],
    ["concatenate, one input twice", { type: "concatenate", name: "layer", inputs: ["metadata", "metadata"] }],
  ];
  it.each(vectors)("%s", async (_, layer) => expectSame(network(VECTOR, [layer])));

  it("rotations of an image and their mean, of images and of vectors", async () => {
    const turned: Layer = { type: "rotations", name: "turned", inputs: ["triplet"] };
    const after: Layer = { ...conv, name: "conv", inputs: ["turned"], kernelSize: [3, 2], padding: "valid" };
    const pooled = (input: string): Layer => ({ type: "cyclicPooling", name: "mean", inputs: [input] });
    await expectSame(network(image(5), [turned, after, pooled("conv")]));
    await expectSame(
      network(image(5), [turned, after, { type: "flatten", name: "flat", inputs: ["conv"] }, pooled("flat")]),
    );
  });

  it("a network with two branches", () => expectSame(SMALL));

  it("every layer after another, an image used twice", () =>
    expectSame(
      network(image(12), [
        { ...separable, name: "a", kernelSize: [3, 3], padding: "same", activation: "relu" },
        { type: "batchNormalization", name: "b", inputs: ["a"], epsilon: 0.001, momentum: 0.99 },
        { type: "dropout", name: "c", inputs: ["b"], rate: 0.1 },
        { ...pool, name: "d", inputs: ["c"], poolSize: [2, 2], strides: [2, 2], padding: "same" },
        { ...conv, name: "e", inputs: ["d"], kernelSize: [2, 2], padding: "same" },
        { type: "activation", name: "f", inputs: ["e"], activation: "tanh" },
        { type: "flatten", name: "g", inputs: ["f"] },
        { type: "globalAveragePooling2d", name: "h", inputs: ["f"] },
        { type: "concatenate", name: "i", inputs: ["g", "h"] },
        { type: "dense", name: "j", inputs: ["i"], units: 2, activation: "softmax", useBias: true },
      ]),
    ));
});

describe("exportOnnx", () => {
  it("names inputs and output as the definition does", async () => {
    const session = await InferenceSession.create(exportOnnx(await smallModel()));
    expect([session.inputNames, session.outputNames]).toEqual([["triplet", "metadata"], ["score"]]);
    await session.release();
  });

  it("carries where the weights come from", async () => {
    const model = { ...(await smallModel()), source: { license: "MIT", citation: "Somebody 2024" } };
    const text = new TextDecoder("latin1").decode(exportOnnx(model));
    for (const part of ["small", model.sha256, "MIT", "Somebody 2024", "btsbot-v1"]) expect(text).toContain(part);
  });

  it("refuses a model whose weights are not complete", async () => {
    const model = await smallModel();
    const weights = new Map(model.weights);
    weights.delete("conv/bias");
    expect(() => exportOnnx({ ...model, weights })).toThrow(
      expect.objectContaining({ code: "weights-missing", path: "conv/bias" }),
    );
  });
});

describeWithData("exportOnnx", (data) => {
  it("gives the published scores of SN 2023tyk, one alert at a time or all at once", async () => {
    const model = await readPublishedModel(data);
    const { triplets, metadata, expected: scores } = readSn2023tyk(data);
    const batch = { triplet: triplets, metadata };
    const together = await runOnnx(model, batch, scores.length);
    expect(Math.max(...scores.map((score, i) => Math.abs(score - together[i])))).toBeLessThanOrEqual(1e-6);
    for (const i of [0, 11, 22]) {
      const [alone] = await runOnnx(model, alertOf(model.definition, batch, i), 1);
      expect(Math.abs(alone - together[i])).toBeLessThanOrEqual(2e-7);
    }
  });
});
