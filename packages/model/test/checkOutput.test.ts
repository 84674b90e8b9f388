import { checkOutput, fromKerasConfig, inferShapes, mmCnn, toKerasConfig } from "@btsbot/model";
import type { Activation, Layer, ModelDefinition } from "@btsbot/model";
import { describe, expect, it } from "vitest";

/** A network on three features that ends in the layers given. */
function network(layers: readonly Layer[], classes?: readonly string[]): ModelDefinition {
  const layer = layers.at(-1)!.name;
  return {
    name: "small",
    version: "1",
    inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 3 }],
    layers,
    output: classes === undefined ? { kind: "score", layer } : { kind: "classes", layer, classes },
  };
}

const dense = (activation: Activation, units = 1): Layer => ({
  type: "dense",
  name: "out",
  inputs: ["metadata"],
  units,
  activation,
  useBias: true,
});

describe("checkOutput", () => {
  it.each(["linear", "relu", "tanh", "softmax"] as const)("refuses a score out of %s", (activation) => {
    expect(() => checkOutput(network([dense(activation)]))).toThrow(
      expect.objectContaining({ code: "output-not-probability", path: "out", expected: "sigmoid", got: activation }),
    );
  });

  it.each(["linear", "relu", "tanh", "sigmoid"] as const)("refuses classes out of %s", (activation) => {
    expect(() => checkOutput(network([dense(activation, 2)], ["a", "b"]))).toThrow(
      expect.objectContaining({ code: "output-not-probability", expected: "softmax", got: activation }),
    );
  });

  it("says what to do about a logit", () => {
    expect(() => checkOutput(network([dense("linear")]))).toThrow(/import it with `activation: "sigmoid"`/);
    expect(() => checkOutput(network([dense("linear", 2)], ["a", "b"]))).toThrow(/`activation: "softmax"`/);
  });

  it("refuses a layer that has no activation", () => {
    const last: Layer = { type: "batchNormalization", name: "norm", inputs: ["out"], epsilon: 1e-3, momentum: 0.99 };
    expect(() => checkOutput(network([dense("sigmoid"), last]))).toThrow(
      expect.objectContaining({ got: "a layer without an activation" }),
    );
  });

  it("takes an activation of its own layer, and looks through what changes no probability", () => {
    const sigmoid: Layer = { type: "activation", name: "sigmoid", inputs: ["out"], activation: "sigmoid" };
    const dropout: Layer = { type: "dropout", name: "dropout", inputs: ["sigmoid"], rate: 0.5 };
    expect(checkOutput(network([dense("linear"), sigmoid, dropout]))).toBeUndefined();
    expect(() => checkOutput(network([dense("sigmoid"), { ...sigmoid, activation: "linear" }]))).toThrow();
  });

  it("leaves what shows no layers to the look at its answers", () => {
    expect(checkOutput({ ...network([dense("linear")]), layers: [] })).toBeUndefined();
    const onnx = { layout: "nhwc", activation: "linear" } as const;
    expect(checkOutput({ ...network([dense("linear")]), onnx })).toBeUndefined();
  });
});

describe("a Keras network that ends in a logit", () => {
  const details = { name: "small", version: "1", profile: "btsbot-v1" };
  const config = (definition: ModelDefinition): unknown => JSON.parse(JSON.stringify(toKerasConfig(definition)));

  it("is refused, and imported with the activation that is left to be applied", () => {
    const logit = network([dense("linear")]);
    expect(() => fromKerasConfig(config(logit), details)).toThrow(
      expect.objectContaining({ code: "output-not-probability" }),
    );
    const imported = fromKerasConfig(config(logit), { ...details, activation: "sigmoid" });
    const sigmoid: Layer = { type: "activation", name: "out_sigmoid", inputs: ["out"], activation: "sigmoid" };
    expect(imported).toEqual(network([dense("linear"), sigmoid]));
    // It stays what it was declared to be once it is written and read again.
    expect(fromKerasConfig(config(imported), details)).toEqual(imported);
  });

  it("of several classes gets a softmax, and no sigmoid", () => {
    const classes = ["a", "b"];
    const logits = config(network([dense("linear", 2)], classes));
    const imported = fromKerasConfig(logits, { ...details, classes, activation: "softmax" });
    expect(imported.layers.at(-1)).toMatchObject({ type: "activation", activation: "softmax" });
    expect(imported.output).toEqual({ kind: "classes", layer: "out_softmax", classes });
    expect(() => fromKerasConfig(logits, { ...details, classes, activation: "sigmoid" })).toThrow(
      expect.objectContaining({ code: "output-not-probability" }),
    );
  });

  it("cannot be given a second activation", () => {
    const config = toKerasConfig(mmCnn());
    expect(() => fromKerasConfig(config, { ...details, activation: "sigmoid" })).toThrow(
      expect.objectContaining({ code: "model-invalid", path: "fc_out", expected: "logits" }),
    );
    expect(inferShapes(mmCnn()).get("fc_out")).toEqual([1]);
  });
});
