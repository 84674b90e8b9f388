import { fromKerasConfig } from "@btsbot/model";
import type { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";

const DETAILS = { name: "test", version: "1" };
const CONV = {
  class_name: "Conv2D",
  config: {
    name: "conv",
    filters: 4,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: "valid",
    activation: "relu",
    batch_input_shape: [null, 9, 9, 3],
  },
};
const MEAN = { class_name: "GlobalAveragePooling2D", config: { name: "mean" } };
const SCORE = { class_name: "Dense", config: { name: "score", units: 1, activation: "sigmoid" } };

function sequential(layers: unknown): unknown {
  return { class_name: "Sequential", config: { name: "VGG6", layers } };
}

function thrown(config: unknown): BtsbotError {
  try {
    fromKerasConfig(config, { ...DETAILS, profile: "acai" });
  } catch (error) {
    return error as BtsbotError;
  }
  throw new Error("nothing was thrown");
}

describe("fromKerasConfig, of a Sequential model", () => {
  it("gives the first layer an input named triplet, and each layer the one before it", () => {
    const { inputs, layers, output } = fromKerasConfig(sequential([CONV, MEAN, SCORE]), DETAILS);
    expect(inputs).toEqual([{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 9 } }]);
    expect(layers.map(({ name, inputs: read }) => [name, read])).toEqual([
      ["conv", ["triplet"]],
      ["mean", ["conv"]],
      ["score", ["mean"]],
    ]);
    expect(output).toEqual({ kind: "score", layer: "score" });
  });

  it("reads the list of layers alone, as Keras before 2.3 wrote it", () => {
    const list = { class_name: "Sequential", config: [CONV, MEAN, SCORE] };
    expect(fromKerasConfig(list, DETAILS)).toEqual(fromKerasConfig(sequential([CONV, MEAN, SCORE]), DETAILS));
  });

  it("names the input of a vector metadata, and keeps the name of an input that is there", () => {
    const dense = {
      class_name: "Dense",
      config: { ...SCORE.config, batch_input_shape: { class_name: "__tuple__", items: [null, 25] } },
    };
    expect(fromKerasConfig(sequential([dense]), { ...DETAILS, profile: "acai" }).inputs).toEqual([
      { kind: "features", name: "metadata", profile: "acai", length: 25 },
    ]);
    const input = { class_name: "InputLayer", config: { name: "stamps", batch_input_shape: [null, 9, 9, 3] } };
    const read = fromKerasConfig(sequential([input, CONV, MEAN, SCORE]), DETAILS);
    expect([read.inputs[0].name, read.layers[0].inputs]).toEqual(["stamps", ["stamps"]]);
  });

  it.each([
    ["no layers", sequential([]), "metadata"],
    ["no shape on its first layer", sequential([MEAN, SCORE]), "metadata"],
    ["layers that are none", sequential([CONV, null]), "layers[1]"],
    ["a layer without configuration", sequential([CONV, { class_name: "Flatten" }]), "layers[1]"],
    ["something else in place of layers", sequential("conv"), undefined],
  ])("refuses one with %s", (_, config, path) => {
    const error = thrown(config);
    expect([error.name, error.code, error.path]).toEqual(["BtsbotError", "model-invalid", path]);
  });

  it("names the layers that it does not know", () => {
    const { problems } = thrown(sequential([CONV, { class_name: "Lambda", config: { name: "trick" } }, SCORE]));
    expect(problems.map(({ code, path }) => [code, path])).toEqual([["layer-unsupported", "trick.class_name"]]);
  });
});

describe("fromKerasConfig, of a damaged configuration", () => {
  const input = {
    class_name: "InputLayer",
    name: "stamps",
    config: { name: "stamps", batch_input_shape: [null, 9, 9, 3] },
  };
  const functional = (nodes: unknown, outputs: unknown) => ({
    class_name: "Functional",
    config: { layers: [input, { ...CONV, inbound_nodes: nodes }], output_layers: outputs },
  });

  it.each([
    ["connections", functional([[null]], [["conv", 0, 0]]), "layer-unsupported"],
    ["outputs", functional([[["stamps", 0, 0, {}]]], [null]), "model-invalid"],
    ["layers", { class_name: "Functional", config: { layers: [7], output_layers: [["conv", 0, 0]] } }, "model-invalid"],
    ["everything", { class_name: "Functional", config: null }, "model-invalid"],
  ])("says so of its %s", (_, config, code) => {
    expect(thrown(config)).toMatchObject({ name: "BtsbotError", code });
  });
});
