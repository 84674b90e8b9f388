import { BtsbotError } from "@btsbot/errors";
import { describe, expect, it } from "vitest";
import { inCommandWords } from "../../btsbot/src/terminal/inCommandWords.js";
import { createKerasModel, initializeWeights, mmCnn, toKerasConfig } from "../src/index.js";
import { KNOWN_LAYERS } from "../src/kerasLayers.js";

const DETAILS = { name: "mine", version: "1", profile: "btsbot-v1" };

/** A network of dense layers, one of which is another. */
function withLayer(class_name: string, config: object = {}): unknown {
  return {
    class_name: "Sequential",
    config: {
      layers: [
        { class_name: "InputLayer", config: { name: "x", batch_shape: [null, 25] } },
        { class_name, config: { name: "odd", units: 4, ...config } },
        { class_name: "Dense", config: { name: "y", units: 1, activation: "sigmoid" } },
      ],
    },
  };
}

async function errorOf(kerasConfig: unknown): Promise<BtsbotError> {
  const content = { kerasConfig, weights: new Map(), writtenBy: "Keras 3.15.1" };
  const error: unknown = await createKerasModel(content, DETAILS).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BtsbotError);
  return error as BtsbotError;
}

/** Keras's layers that are not read: https://keras.io/api/layers */
const UNSUPPORTED =
  "LSTM GRU SimpleRNN Bidirectional TimeDistributed ConvLSTM2D Embedding Masking Lambda Add Subtract Multiply Average Maximum Minimum Dot Conv1D Conv3D Conv2DTranspose DepthwiseConv2D MaxPooling1D AveragePooling2D GlobalMaxPooling2D Reshape Permute RepeatVector Cropping2D UpSampling2D Resizing CenterCrop LeakyReLU PReLU ELU ThresholdedReLU LayerNormalization GroupNormalization UnitNormalization SpectralNormalization Attention MultiHeadAttention AdditiveAttention EinsumDense Discretization Hashing TextVectorization ReLU6".split(
    " ",
  );

describe("what is not supported", () => {
  it.each([
    ...UNSUPPORTED.map((name) => [name, withLayer(name), name] as const),
    ...["gelu", "relu6", "swish", "elu", "leaky_relu", "mish"].map(
      (activation) => [activation, withLayer("Dense", { activation }), activation] as const,
    ),
    ["a ReLU with a ceiling", withLayer("ReLU", { max_value: 6 }), "6"] as const,
  ])("is named, with what wrote it, what is read, and a way out: %s", async (_, config, got) => {
    const error = await errorOf(config);
    expect(error.code).toBe("layer-unsupported");
    for (const { message } of [error, inCommandWords(error)]) {
      expect(message).toContain(`got ${got}`);
      expect(message).toContain("Keras 3.15.1 wrote this network. Layers that are read: ");
      for (const known of KNOWN_LAYERS) expect(message).toContain(known);
      expect(message).toMatch(/export it \(model\.export\("model\.onnx", format="onnx"\)/);
    }
    expect(error.message).toContain("readOnnxModel of @btsbot/onnx");
    expect(inCommandWords(error).message).toContain("in a program of yours");
    expect(inCommandWords(error).message).not.toMatch(/readOnnxModel|@btsbot/);
  });

  it("is no layer that is said to be read", async () => {
    for (const name of KNOWN_LAYERS) expect((await errorOf(withLayer(name))).message).not.toContain("odd.class_name");
  });

  it("says of weights that are missing what wrote the file, and what to do", async () => {
    const normalized = withLayer("Normalization");
    for (const error of [await errorOf(normalized), inCommandWords(await errorOf(normalized))]) {
      expect(error.code).toBe("weights-missing");
      expect(error.message).toMatch(/Keras 3\.15\.1 wrote this network\. .*adapt or fit.*save it as a whole/);
    }
    const definition = mmCnn();
    const content = { kerasConfig: toKerasConfig(definition), weights: initializeWeights(definition, 1) };
    await expect(createKerasModel(content, DETAILS)).resolves.toMatchObject({ definition: { name: "mine" } });
  });
});
