import { alerceImageClassifier, fromKerasConfig, inferShapes, toKerasConfig } from "@btsbot/model";
import { describe, expect, it } from "vitest";

describe("alerceImageClassifier", () => {
  const definition = alerceImageClassifier("mine", "1");

  it("takes the mean over the rotations after the second dense layer", () => {
    const shapes = inferShapes(definition);
    expect(shapes.get("flatten")).toEqual([2304]);
    expect(shapes.get("output_logits")).toEqual([5]);
    const names = definition.layers.map(({ name }) => name);
    expect(names.indexOf("cyclic_pooling")).toBeGreaterThan(names.indexOf("dense_2_10"));
    expect(names.indexOf("cyclic_pooling")).toBeLessThan(names.indexOf("output_logits"));
  });

  it("reads images alone", () => {
    expect(definition.inputs).toEqual([
      { kind: "image", name: "images", preprocessing: { normalization: "minmax", size: 21 } },
    ]);
  });

  it("survives Keras's JSON", () => {
    const classes = definition.output.kind === "classes" ? definition.output.classes : [];
    const details = {
      name: "mine",
      version: "1",
      preprocessing: { normalization: "minmax", size: 21 },
      classes,
    } as const;
    expect(fromKerasConfig(JSON.parse(JSON.stringify(toKerasConfig(definition))), details)).toEqual(definition);
  });
});
