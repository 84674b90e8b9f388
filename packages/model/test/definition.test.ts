import {
  checkBatch,
  checkWeights,
  createModel,
  fromKerasConfig,
  hashWeights,
  inferShapes,
  initializeWeights,
  inputLength,
  mmCnn,
  toKerasConfig,
  weightSpecs,
} from "@btsbot/model";
import type { Layer, ModelDefinition, Weight } from "@btsbot/model";
import type { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { SMALL_NETWORKS } from "../../../test/support/networks.js";
import { conv2d } from "../../../test/support/conv2d.js";

/** A network on 5x5 images with the layers given after the input `image`. */
function imageNetwork(...layers: Layer[]): ModelDefinition {
  return {
    name: "test",
    version: "0",
    inputs: [{ kind: "image", name: "image", preprocessing: { normalization: "l2", size: 5 } }],
    layers,
    output: { kind: "score", layer: layers[layers.length - 1].name },
  };
}

const conv: Layer = conv2d("conv", "image", 4, { kernelSize: [3, 2], strides: [2, 1], useBias: false });

function thrown(run: () => unknown): BtsbotError {
  try {
    run();
  } catch (error) {
    return error as BtsbotError;
  }
  throw new Error("nothing was thrown");
}

describe("inferShapes", () => {
  it("follows TensorFlow's rules for same and valid padding", () => {
    // ceil(5/2) = 3 and ceil(5/1) = 5; ceil((5-3+1)/2) = 2 and ceil((5-2+1)/1) = 4.
    expect(inferShapes(imageNetwork(conv)).get("conv")).toEqual([3, 5, 4]);
    expect(inferShapes(imageNetwork({ ...conv, padding: "valid" })).get("conv")).toEqual([2, 4, 4]);
  });

  it("gives the paper's shapes for MM-CNN", () => {
    const shapes = inferShapes(mmCnn());
    expect(shapes.get("pool1")).toEqual([31, 31, 32]);
    expect(shapes.get("pool2")).toEqual([7, 7, 64]);
    expect(shapes.get("concatenate")).toEqual([3136 + 128]);
    expect(shapes.get("fc_out")).toEqual([1]);
  });

  it.each([
    ["an unknown input", [{ ...conv, inputs: ["nothing"] }], "nothing"],
    ["no input", [{ ...conv, inputs: [] }], "no input"],
    [
      "a dense layer on an image",
      [{ type: "dense", name: "fc", inputs: ["image"], units: 1, activation: "relu", useBias: true }],
      "5,5,3",
    ],
    ["a window larger than the image", [{ ...conv, kernelSize: [9, 9], padding: "valid" }], "5,5,3"],
    ["two inputs to a convolution", [{ ...conv, inputs: ["image", "image"] }], "5,5,3"],
  ] as [string, Layer[], string][])("names the layer with %s", (_, layers, got) => {
    const error = thrown(() => inferShapes(imageNetwork(...layers)));
    expect(error.code).toBe("model-invalid");
    expect(error.path).toBe(layers[0].name);
    expect(error.got).toContain(got);
  });

  it("names a layer whose name is taken, and an output that is no layer", () => {
    expect(thrown(() => inferShapes(imageNetwork(conv, { ...conv }))).message).toContain("taken");
    const definition = { ...imageNetwork(conv), output: { kind: "score", layer: "fc" } } as const;
    expect(thrown(() => inferShapes(definition)).path).toBe("fc");
  });
});

describe("inferShapes, of copies", () => {
  const turned: Layer = { type: "rotations", name: "turned", inputs: ["image"] };
  const flat = (name: string, input: string): Layer => ({ type: "flatten", name, inputs: [input] });
  const pooled = (input: string): Layer => ({ type: "cyclicPooling", name: "pooled", inputs: [input] });

  it("lets rotations end in their mean, and what has one copy be joined again", () => {
    const join: Layer = { type: "concatenate", name: "join", inputs: ["pooled", "pixels"] };
    const shapes = inferShapes(
      imageNetwork(turned, flat("flat", "turned"), pooled("flat"), flat("pixels", "image"), join),
    );
    expect(shapes.get("turned")).toEqual([5, 5, 3]);
    expect(shapes.get("pooled")).toEqual([75]);
    expect(shapes.get("join")).toEqual([150]);
  });

  it("lets what has four copies be joined with what has four", () => {
    const join: Layer = { type: "concatenate", name: "join", inputs: ["a", "b"] };
    expect(
      inferShapes(imageNetwork(turned, flat("a", "turned"), flat("b", "turned"), join, pooled("join"))).get("pooled"),
    ).toEqual([150]);
  });

  it.each([
    [
      "joins copies with none",
      [turned, flat("a", "turned"), flat("b", "image"), { type: "concatenate", name: "join", inputs: ["a", "b"] }],
      "join",
      "copies",
    ],
    ["ends among the copies", [turned, flat("a", "turned")], "a", "ends with several copies"],
    ["turns what is turned", [turned, { ...turned, name: "again", inputs: ["turned"] }], "again", "rotations already"],
    ["takes the mean of one", [pooled("image")], "pooled", "no rotations"],
    [
      "turns what is not square",
      [
        {
          type: "zeroPadding2d",
          name: "wide",
          inputs: ["image"],
          padding: [
            [0, 0],
            [0, 1],
          ],
        },
        { ...turned, inputs: ["wide"] },
      ],
      "turned",
      "square",
    ],
    ["turns a vector", [flat("a", "image"), { ...turned, inputs: ["a"] }], "turned", "square"],
  ] as [string, Layer[], string, string][])("names the layer that %s", (_, layers, path, message) => {
    const error = thrown(() => inferShapes(imageNetwork(...layers)));
    expect(error).toMatchObject({ code: "model-invalid", path });
    expect(error.message).toContain(message);
  });
});

describe("zeroPadding2d, clip and standardize", () => {
  const pad: Layer = {
    type: "zeroPadding2d",
    name: "pad",
    inputs: ["image"],
    padding: [
      [1, 2],
      [0, 3],
    ],
  };

  it("grows an image on each side, and standardizes each channel", () => {
    const definition = imageNetwork(pad, { type: "standardize", name: "standard", inputs: ["pad"] });
    expect(inferShapes(definition).get("standard")).toEqual([8, 8, 3]);
    expect(weightSpecs(definition)).toEqual([
      { name: "standard/mean", shape: [3] },
      { name: "standard/deviation", shape: [3] },
    ]);
    expect(initializeWeights(definition, 1).get("standard/deviation")!.values).toEqual(Float32Array.of(1, 1, 1));
  });

  it.each([
    [
      "padding of less than nothing",
      [
        {
          ...pad,
          padding: [
            [-1, 0],
            [0, 0],
          ],
        },
      ],
      "pad",
    ],
    [
      "padding of a vector",
      [
        { type: "flatten", name: "flat", inputs: ["image"] },
        { ...pad, inputs: ["flat"] },
      ],
      "pad",
    ],
    [
      "bounds for another number of values",
      [
        { type: "flatten", name: "flat", inputs: ["image"] },
        { type: "clip", name: "clip", inputs: ["flat"], bounds: [[0, 1]] },
      ],
      "clip",
    ],
  ] as [string, Layer[], string][])("refuses %s", (_, layers, path) => {
    expect(thrown(() => inferShapes(imageNetwork(...layers)))).toMatchObject({ code: "model-invalid", path });
  });
});

describe("weightSpecs", () => {
  it("lists kernels and biases with their shapes", () => {
    expect(weightSpecs(imageNetwork(conv))).toEqual([{ name: "conv/kernel", shape: [3, 2, 3, 4] }]);
    const separable: Layer = { ...conv, type: "separableConv2d", depthMultiplier: 2, useBias: true } as Layer;
    expect(weightSpecs(imageNetwork(separable))).toEqual([
      { name: "conv/depthwise_kernel", shape: [3, 2, 3, 2] },
      { name: "conv/pointwise_kernel", shape: [1, 1, 6, 4] },
      { name: "conv/bias", shape: [4] },
    ]);
  });
});

describe("checkWeights", () => {
  it("names every missing, misshapen, unknown and non-finite weight at once", () => {
    const definition = mmCnn();
    const weights = new Map<string, Weight>(initializeWeights(definition, 1));
    weights.delete("conv1/kernel");
    weights.set("conv1/bias", { shape: [31], values: new Float32Array(31) });
    weights.set("fc_out/bias", { shape: [1], values: Float32Array.of(NaN) });
    weights.set("conv9/kernel", { shape: [1], values: new Float32Array(1) });
    const { problems } = thrown(() => checkWeights(definition, weights));
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "weights-missing conv1/kernel",
      "weights-misshapen conv1/bias",
      "model-invalid fc_out/bias",
      "model-invalid conv9/kernel",
    ]);
  });
});

describe("checkBatch", () => {
  const definition = imageNetwork(conv);

  it("accepts a whole batch and refuses another length, a missing input and no alerts", () => {
    expect(() => checkBatch(definition, { image: new Float32Array(150) }, 2)).not.toThrow();
    expect(thrown(() => checkBatch(definition, { image: new Float32Array(149) }, 2)).code).toBe("input-shape");
    expect(thrown(() => checkBatch(definition, {}, 1))).toMatchObject({ code: "input-shape", path: "image" });
    expect(thrown(() => checkBatch(definition, { image: new Float32Array(0) }, 0)).code).toBe("input-shape");
  });

  it.each([NaN, Infinity, -Infinity])("names the alert with a pixel of %d", (value) => {
    const image = new Float32Array(150);
    image[80] = value;
    expect(thrown(() => checkBatch(definition, { image }, 2))).toMatchObject({
      code: "input-non-finite",
      path: "image[1]",
    });
  });
});

describe("initializeWeights", () => {
  it("is Glorot-uniform, and the same for the same seed", () => {
    const definition = mmCnn();
    const kernel = initializeWeights(definition, 7).get("conv2/kernel")!.values;
    const limit = Math.sqrt(6 / (25 * (32 + 32)));
    expect(Math.max(...kernel)).toBeLessThanOrEqual(limit);
    expect(Math.max(...kernel)).toBeGreaterThan(0.99 * limit);
    // Variance of a uniform distribution on (-a, a): a^2 / 3; 25,600 values leave about 1 % of it.
    const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length;
    expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
    expect(initializeWeights(definition, 7).get("conv2/kernel")!.values).toEqual(kernel);
    expect(initializeWeights(definition, 8).get("conv2/kernel")!.values).not.toEqual(kernel);
  });
});

describe("hashWeights and createModel", () => {
  it("hashes the values, and one bit changes the hash", async () => {
    const definition = imageNetwork(conv, { type: "flatten", name: "flat", inputs: ["conv"] });
    const weights = new Map(initializeWeights(definition, 1));
    const model = await createModel(definition, weights);
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    const values = Float32Array.from(weights.get("conv/kernel")!.values);
    new Uint32Array(values.buffer)[0] ^= 1;
    weights.set("conv/kernel", { shape: [3, 2, 3, 4], values });
    expect(await hashWeights(definition, weights)).not.toBe(model.sha256);
  });

  it("hashes as SHA-256 does: 72 zeros are 288 zero bytes", async () => {
    const definition = imageNetwork(conv);
    const weights = new Map([["conv/kernel", { shape: [3, 2, 3, 4], values: new Float32Array(72) }]]);
    const { createHash } = await import("node:crypto");
    expect(await hashWeights(definition, weights)).toBe(createHash("sha256").update(new Uint8Array(288)).digest("hex"));
  });
});

describe("fromKerasConfig", () => {
  const details = { name: "btsbot", version: "untrained", profile: "btsbot-v1" };

  it("reads back what toKerasConfig writes", () => {
    expect(fromKerasConfig(toKerasConfig(mmCnn()), details)).toEqual(mmCnn());
  });

  it.each(Object.entries(SMALL_NETWORKS))("reads back the network of every layer: %s", (_, definition) => {
    const { name, version, inputs, output } = definition;
    const image = inputs.find((input) => input.kind === "image");
    const read = fromKerasConfig(JSON.parse(JSON.stringify(toKerasConfig(definition))), {
      name,
      version,
      profile: "btsbot-v1",
      ...(image && { preprocessing: image.preprocessing }),
      ...(output.kind === "classes" && { classes: output.classes }),
    });
    expect(read).toEqual(definition);
  });

  it("wants as many values as there are classes", () => {
    const config = toKerasConfig(SMALL_NETWORKS["five classes"]);
    const error = thrown(() => fromKerasConfig(config, { ...details, classes: ["a", "b"] }));
    expect(error).toMatchObject({ code: "model-invalid", path: "softmax", expected: "2 numbers", got: "(5)" });
  });

  it("names padding and bounds that are not pairs", () => {
    const config = structuredClone(
      toKerasConfig(SMALL_NETWORKS["zero padding, clip and standardization"]),
    ) as unknown as {
      config: { layers: { config: Record<string, unknown> }[] };
    };
    const option = (layer: string) => config.config.layers.find((other) => other.config.name === layer)!.config;
    option("pad").padding = 2;
    option("clip").bounds = [[0, "1"]];
    const { problems } = thrown(() => fromKerasConfig(config, details));
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "layer-unsupported pad.padding",
      "layer-unsupported clip.bounds",
    ]);
  });

  it("orders layers so that each comes after what it reads", () => {
    const config = structuredClone(toKerasConfig(mmCnn())) as { class_name: string; config: { layers: object[] } };
    config.config.layers.reverse();
    expect(() => inferShapes(fromKerasConfig(config, details))).not.toThrow();
  });

  it("names every unsupported layer and option at once", () => {
    const config = structuredClone(toKerasConfig(mmCnn())) as unknown as {
      config: { layers: { class_name: string; config: Record<string, unknown> }[] };
    };
    const layers = config.config.layers;
    layers.find((layer) => layer.config.name === "conv1")!.config.dilation_rate = [2, 2];
    layers.find((layer) => layer.config.name === "conv2")!.config.activation = "swish";
    layers.find((layer) => layer.config.name === "flatten")!.class_name = "Lambda";
    const { problems } = thrown(() => fromKerasConfig(config, details));
    expect(problems.map(({ path, got }) => `${path} ${got}`)).toEqual([
      "conv1.dilation_rate 2,2",
      "conv2.activation swish",
      "flatten.class_name Lambda",
    ]);
    expect(problems.every(({ code }) => code === "layer-unsupported")).toBe(true);
  });

  it("refuses batch normalization over another axis than the last", () => {
    const config = structuredClone(toKerasConfig(mmCnn())) as unknown as {
      config: { layers: { config: Record<string, unknown> }[] };
    };
    const normalization = config.config.layers.find((layer) => layer.config.name === "batch_normalization")!;
    normalization.config.axis = [1];
    expect(() => fromKerasConfig(config, details)).not.toThrow();
    normalization.config.axis = [2];
    expect(thrown(() => fromKerasConfig(config, details))).toMatchObject({
      code: "layer-unsupported",
      path: "batch_normalization.axis",
    });
  });

  it.each([
    ["null", null, "model-invalid"],
    ["a Sequential model", { class_name: "Sequential", config: { layers: [] } }, "model-invalid"],
  ])("refuses %s", (_, config, code) => {
    expect(thrown(() => fromKerasConfig(config, details)).code).toBe(code);
  });

  it("needs a profile for a vector, and a network that ends in one number", () => {
    expect(thrown(() => fromKerasConfig(toKerasConfig(mmCnn()), { name: "m", version: "1" })).path).toBe("metadata");
    const truncated = { ...mmCnn(), output: { kind: "score", layer: "comb_fc" } } as const;
    expect(thrown(() => fromKerasConfig(toKerasConfig(truncated), details)).path).toBe("comb_fc");
  });

  it("names layers that read one another", () => {
    const loop: Layer[] = [
      { type: "flatten", name: "a", inputs: ["b"] },
      { type: "flatten", name: "b", inputs: ["a"] },
    ];
    const config = structuredClone(toKerasConfig(mmCnn())) as { config: { layers: object[] } };
    for (const { name, inputs } of loop) {
      config.config.layers.push({
        class_name: "Flatten",
        name,
        config: { name },
        inbound_nodes: [[[inputs[0], 0, 0, {}]]],
      });
    }
    expect(thrown(() => fromKerasConfig(config, details)).got).toBe("a, b");
  });
});

describe("inputLength", () => {
  it("counts pixels of three planes, or features", () => {
    expect(mmCnn().inputs.map(inputLength)).toEqual([63 * 63 * 3, 25]);
  });
});
