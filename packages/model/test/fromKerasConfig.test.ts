import { createKerasModel, fromKerasConfig, mmCnn, toKerasConfig } from "@btsbot/model";
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

  it.each(["activation", "kernel_size", "strides", "padding"])("that nests past all stack in %s", (option) => {
    const nested: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const conv = { ...CONV, config: { ...CONV.config, [option]: nested } };
    const error = thrown(sequential([conv, MEAN, SCORE]));
    expect(error).toMatchObject({ name: "BtsbotError", code: "model-invalid" });
    expect(error.message).toContain("nests too deeply");
  });

  it("that goes round in a circle", () => {
    const round: Record<string, unknown> = { ...CONV.config };
    round.activation = round;
    expect(thrown(sequential([{ ...CONV, config: round }, MEAN, SCORE]))).toMatchObject({ code: "model-invalid" });
  });
});

describe("fromKerasConfig, of Keras 3", () => {
  const tensor = (name: string, node = 0) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 3], dtype: "float32", keras_history: [name, node, 0] },
  });
  const call = (...names: string[]) => [{ args: names.map((name) => tensor(name)), kwargs: {} }];
  const input = { class_name: "InputLayer", config: { name: "metadata", batch_shape: [null, 3] }, inbound_nodes: [] };
  const layer = (class_name: string, name: string, nodes: unknown, config: object = {}) => ({
    module: "keras.layers",
    class_name,
    registered_name: null,
    config: { name, ...config },
    inbound_nodes: nodes,
  });
  const score = (nodes: unknown) => layer("Dense", "score", nodes, { units: 1, activation: "sigmoid" });
  const functional = (...layers: object[]) => ({
    class_name: "Functional",
    config: { layers: [input, ...layers], output_layers: ["score", 0, 0] },
  });
  const details = { ...DETAILS, profile: "acai" };

  it("reads calls with tensors, the lists that joining layers take, and a single output", () => {
    const read = fromKerasConfig(
      functional(
        layer("ReLU", "re_lu", call("metadata"), { max_value: null, negative_slope: 0, threshold: 0 }),
        layer("Concatenate", "join", [{ args: [[tensor("re_lu"), tensor("metadata")]], kwargs: {} }], { axis: -1 }),
        score(call("join")),
      ),
      details,
    );
    expect(read.layers.map(({ type, inputs }) => [type, inputs])).toEqual([
      ["activation", ["metadata"]],
      ["concatenate", ["re_lu", "metadata"]],
      ["dense", ["join"]],
    ]);
  });

  it("leaves out layers that only training needs, one after another", () => {
    const read = fromKerasConfig(
      functional(
        layer("GaussianNoise", "noise", call("metadata"), { stddev: 0.1 }),
        layer("Identity", "same", call("noise")),
        score(call("same")),
      ),
      details,
    );
    expect(read.layers.map(({ name, inputs }) => [name, inputs])).toEqual([["score", ["metadata"]]]);
    const flip = { class_name: "RandomFlip", config: { name: "flip", mode: "horizontal" } };
    const { batch_input_shape, ...conv } = CONV.config;
    const first = { ...flip, config: { ...flip.config, batch_input_shape } };
    const images = sequential([
      first,
      { class_name: "RandomRotation", config: { name: "turn", factor: 0.2 } },
      { ...CONV, config: conv },
      MEAN,
      SCORE,
    ]);
    expect(fromKerasConfig(images, DETAILS)).toEqual(fromKerasConfig(sequential([CONV, MEAN, SCORE]), DETAILS));
  });

  it.each([
    [
      "a layer that is used twice",
      layer("Flatten", "x", [...call("metadata"), ...call("x")]),
      "x.inbound_nodes",
      "2 uses of it",
    ],
    [
      "dropout that stays on",
      layer("Dropout", "x", [{ args: [tensor("metadata")], kwargs: { training: true } }], { rate: 0.5 }),
      "x.inbound_nodes",
      "training: true",
    ],
    [
      "dropout that stays on, in Python's other word for true",
      layer("Dropout", "x", [[["metadata", 0, 0, { training: 1 }]]], { rate: 0.5 }),
      "x.inbound_nodes",
      "training: 1",
    ],
    [
      "a registered class that is called as one of Keras's own",
      { ...layer("ReLU", "x", call("metadata")), module: null, registered_name: "mine>ReLU" },
      "x.class_name",
      "mine>ReLU",
    ],
    [
      "a class of another module that is called as one of Keras's own",
      { ...layer("ReLU", "x", call("metadata")), module: "mine.layers", registered_name: "ReLU" },
      "x.class_name",
      "mine.layers.ReLU",
    ],
    ["a ceiling of a ReLU", layer("ReLU", "x", call("metadata"), { max_value: 6 }), "x.max_value", "6"],
    ["a slope of a ReLU", layer("ReLU", "x", call("metadata"), { negative_slope: 0.1 }), "x.negative_slope", "0.1"],
    [
      "a mean that keeps its axes",
      layer("GlobalAveragePooling2D", "x", call("metadata"), { keepdims: true }),
      "x.keepdims",
      "true",
    ],
    ["a scale of 0", layer("Rescaling", "x", call("metadata"), { scale: 0 }), "x.scale", "[0]"],
    ["a layer that is not known", layer("LSTM", "x", call("metadata")), "x.class_name", "LSTM"],
  ])("refuses %s by name", (_, found, path, got) => {
    const { problems } = thrown(functional(found, score(call("x"))));
    expect(problems.map((problem) => [problem.code, problem.path, problem.got])).toEqual([
      ["layer-unsupported", path, got],
    ]);
  });

  it.each([
    ["linear", "linear", undefined, /import it with `activation: "sigmoid"`/],
    ["relu", "relu", undefined, /expected sigmoid, got relu.+End the network in a sigmoid/],
    ["tanh", "tanh", undefined, /expected sigmoid, got tanh.+End the network in a sigmoid/],
    ["a sigmoid where it has one", "sigmoid", "sigmoid", /Leave `activation` out/],
  ] as const)("refuses an output that is not a probability: %s", (_, activation, given, message) => {
    const last = layer("Dense", "score", call("metadata"), { units: 1, activation });
    const config = functional(last);
    expect(() => fromKerasConfig(config, { ...details, ...(given && { activation: given }) })).toThrow(message);
  });

  it("ends a network of logits with the activation given", () => {
    const last = layer("Dense", "score", call("metadata"), { units: 2, activation: "linear" });
    const read = fromKerasConfig(functional(last), { ...details, classes: ["a", "b"], activation: "softmax" });
    expect(read.output).toEqual({ kind: "classes", layer: "score_softmax", classes: ["a", "b"] });
    expect(read.layers.at(-1)).toEqual({
      type: "activation",
      name: "score_softmax",
      inputs: ["score"],
      activation: "softmax",
    });
  });

  it("makes Rescaling and Normalization standardizations that give the same numbers", async () => {
    const kernel = { shape: [3, 1], values: Float32Array.of(1, 1, 1) };
    const weights = new Map([
      ["norm/mean", { shape: [3], values: Float32Array.of(1, 2, 3) }],
      ["norm/variance", { shape: [3], values: Float32Array.of(4, 9, 0) }],
      ["norm/count", { shape: [], values: Float32Array.of(7) }],
      ["score/kernel", kernel],
      ["score/bias", { shape: [1], values: Float32Array.of(0) }],
    ]);
    const kerasConfig = functional(
      layer("Rescaling", "scale", call("metadata"), { scale: 1 / 127.5, offset: [-1, 0, 2] }),
      layer("Normalization", "norm", call("scale"), { axis: -1 }),
      score(call("norm")),
    );
    const model = await createKerasModel({ kerasConfig, weights }, details);
    expect(model.definition.layers.map(({ type }) => type)).toEqual(["standardize", "standardize", "dense"]);
    expect(model.weights.get("scale/mean")!.values).toEqual(Float32Array.of(127.5, 0, -255));
    expect(model.weights.get("scale/deviation")!.values).toEqual(Float32Array.of(127.5, 127.5, 127.5));
    // Keras divides by no less than its epsilon.
    expect(model.weights.get("norm/deviation")!.values).toEqual(Float32Array.of(2, 3, 1e-7));
  });

  it("gives each input what is said of it by name, and refuses what is misspelt there", () => {
    const config = toKerasConfig(mmCnn());
    const details = { name: "mine", version: "1", profile: "btsbot-v1" };
    const own = { triplet: { preprocessing: { normalization: "minmax" } }, metadata: { profile: "acai" } } as const;
    expect(fromKerasConfig(config, { ...details, inputs: own }).inputs).toMatchObject([
      { name: "triplet", preprocessing: { normalization: "minmax", size: 63 } },
      { name: "metadata", profile: "acai" },
    ]);
    const given = (inputs: object) => () => fromKerasConfig(config, { ...details, inputs: inputs as typeof own });
    expect(given({ tripet: {} })).toThrow(
      "inputs.tripet: the network has no such input (expected one of triplet, metadata",
    );
    expect(given({ triplet: { profil: "acai" } })).toThrow(
      "no option `inputs.triplet.profil`. Did you mean `inputs.triplet.profile`?",
    );
    expect(given({ triplet: 5 })).toThrow("expected `inputs.triplet` as an object, got");
  });
});
