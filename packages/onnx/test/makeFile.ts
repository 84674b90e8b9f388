import type { ModelInput } from "@btsbot/model";
import { noise } from "../../../test/support/networks.js";
import { writeOnnx } from "../../weights/src/onnxProto.js";
import type { OnnxFile } from "../../weights/src/onnxProto.js";

/** Pixels on a side, features and planes of BTSbot v2's inputs. */
export const [SIZE, FEATURES, PLANES] = [63, 25, 3];

/** BTSbot v2's inputs. */
export const INPUTS: readonly ModelInput[] = [
  { kind: "image", name: "image", preprocessing: { normalization: "l2", size: SIZE } },
  { kind: "features", name: "metadata", profile: "btsbot-v1", length: FEATURES },
];

/** What a made network multiplies its inputs with: (inputs, outputs), and what it adds. */
export interface MadeWeights {
  readonly image: Float32Array;
  readonly metadata: Float32Array;
  readonly bias: Float32Array;
}

/** Weights of noise, for so many outputs. */
export function makeWeights(outputs: number, scale = 0.1): MadeWeights {
  const make = (length: number, seed: number) => noise(length, seed).map((value) => value * scale);
  return {
    image: make(PLANES * SIZE * SIZE * outputs, 1),
    metadata: make(FEATURES * outputs, 2),
    bias: make(outputs, 3),
  };
}

/**
 * A file with the inputs and output of BTSbot v2: `image` (N, 3, 63, 63) and `metadata` (N, 25) in,
 * `logits` (N, outputs) out. Between them stands one linear layer, so that a loop can follow it.
 */
export function makeFile(weights: MadeWeights, change: Partial<OnnxFile> = {}): Uint8Array {
  const outputs = weights.bias.length;
  return writeOnnx({
    irVersion: 7,
    opset: 13,
    producer: "test",
    graphName: "made",
    nodes: [
      { operator: "Flatten", name: "flat", inputs: ["image"], outputs: ["flat"] },
      { operator: "Gemm", name: "pixels", inputs: ["flat", "image/kernel", "bias"], outputs: ["pixels"] },
      { operator: "Gemm", name: "features", inputs: ["metadata", "metadata/kernel"], outputs: ["features"] },
      { operator: "Add", name: "logits", inputs: ["pixels", "features"], outputs: ["logits"] },
    ],
    constants: [
      { name: "image/kernel", shape: [PLANES * SIZE * SIZE, outputs], values: weights.image },
      { name: "metadata/kernel", shape: [FEATURES, outputs], values: weights.metadata },
      { name: "bias", shape: [outputs], values: weights.bias },
    ],
    inputs: [
      { name: "image", shape: ["batch", PLANES, SIZE, SIZE] },
      { name: "metadata", shape: ["batch", FEATURES] },
    ],
    outputs: [{ name: "logits", shape: ["batch", outputs] }],
    metadata: {},
    ...change,
  });
}

/** What the made network gives for one alert whose image has its planes last, by loops in float64. */
export function naiveLogits(weights: MadeWeights, image: Float32Array, metadata: Float32Array): number[] {
  const outputs = weights.bias.length;
  return Array.from(weights.bias, (bias, output) => {
    let logit = bias;
    for (let row = 0; row < SIZE; row++) {
      for (let column = 0; column < SIZE; column++) {
        for (let plane = 0; plane < PLANES; plane++) {
          const place = (plane * SIZE + row) * SIZE + column;
          logit += image[(row * SIZE + column) * PLANES + plane] * weights.image[place * outputs + output];
        }
      }
    }
    metadata.forEach((value, feature) => (logit += value * weights.metadata[feature * outputs + output]));
    return logit;
  });
}
