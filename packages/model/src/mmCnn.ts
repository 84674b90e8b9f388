import type { Activation, Conv2d, Dense, Dropout, MaxPooling2d, ModelDefinition } from "./types.js";

/**
 * BTSbot's multi-modal network: a VGG-like branch for the triplet, a dense branch for the 25 features,
 * joined by a small head that ends in a sigmoid.
 *
 * @param name - the model's name
 * @param version - the model's version
 * @returns the definition, layers named as in the authors' v1.0.1
 *
 * Source: Rehemtulla et al. 2024, ApJ 972, 7, Table 2 and Figure 5. The paper names a softmax at the
 * end; the published model has a sigmoid.
 *
 * @example
 * ```ts
 * import { mmCnn } from "@btsbot/model";
 *
 * mmCnn().layers.at(-1)?.name; // => "fc_out"
 * ```
 */
export function mmCnn(name = "btsbot", version = "untrained"): ModelDefinition {
  return {
    name,
    version,
    inputs: [
      { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } },
      { kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 },
    ],
    layers: [
      conv("conv1", "triplet", 32),
      conv("conv2", "conv1", 32),
      pool("pool1", "conv2", 2),
      dropout("conv_dropout1", "pool1", 0.5),
      conv("conv3", "conv_dropout1", 64),
      conv("conv4", "conv3", 64),
      pool("pool2", "conv4", 4),
      dropout("conv_dropout2", "pool2", 0.55),
      { type: "flatten", name: "flatten", inputs: ["conv_dropout2"] },
      { type: "batchNormalization", name: "batch_normalization", inputs: ["metadata"], epsilon: 0.001, momentum: 0.99 },
      dense("meta_fc1", "batch_normalization", 128),
      dropout("meta_dropout", "meta_fc1", 0.25),
      dense("meta_fc2", "meta_dropout", 128),
      { type: "concatenate", name: "concatenate", inputs: ["flatten", "meta_fc2"] },
      dense("comb_fc", "concatenate", 8),
      dropout("comb_dropout", "comb_fc", 0.2),
      dense("fc_out", "comb_dropout", 1, "sigmoid"),
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}

function conv(name: string, input: string, filters: number): Conv2d {
  return {
    type: "conv2d",
    name,
    inputs: [input],
    filters,
    kernelSize: [5, 5],
    strides: [1, 1],
    padding: "same",
    activation: "relu",
    useBias: true,
  };
}

function pool(name: string, input: string, size: number): MaxPooling2d {
  return { type: "maxPooling2d", name, inputs: [input], poolSize: [size, size], strides: [size, size], padding: "valid" };
}

function dropout(name: string, input: string, rate: number): Dropout {
  return { type: "dropout", name, inputs: [input], rate };
}

function dense(name: string, input: string, units: number, activation: Activation = "relu"): Dense {
  return { type: "dense", name, inputs: [input], units, activation, useBias: true };
}
