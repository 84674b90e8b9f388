import type { ModelDefinition } from "@btsbot/model";

/** A model that is published, written down from public facts and not verified here. */
export interface UnverifiedModel {
  /** The model's name, such as `"btsbot-v2.0.0"`. */
  readonly name: string;
  /** What it is, in one line. */
  readonly title: string;
  /** Its file was not run here, and no score of it was compared. */
  readonly verified: false;
  /** Where the authors publish it. */
  readonly page: string;
  /** What goes in and what comes out, as public code has it. */
  readonly definition: ModelDefinition;
  /** Licence of the weights, as the authors state it. */
  readonly license: string;
  /** How to cite the model. */
  readonly citation: string;
  /** DOI of the paper. */
  readonly doi: string;
  /** Where each of these facts stands, by fact. */
  readonly sources: Readonly<Record<string, string>>;
  /** What was not found. */
  readonly unknown: readonly string[];
}

/** A file of the authors' repository, at the commit at which it was read. */
const btsbotFile = (commit: string, file: string): string =>
  `https://github.com/nabeelre/BTSbot/blob/${commit}/btsbot/${file}`;
const FROM_HF = btsbotFile("10288373b6c0af025a45231c7161215bb128a3a5", "from_HF.py");
const TO_HF = btsbotFile("2a223792b4a135e1a77dff3e0aa7dfa1cface1cf", "to_HF.py");
const TO_ONNX = btsbotFile("f42812024e176cfa331b4cd36ad6d5875f07a3a5", "to_onnx.py");
const ALERT_UTILS = btsbotFile("6c7be1bebe844dda84277d41a3ea8d78694ded81", "alert_utils.py");
const INFERENCE_EXAMPLE = btsbotFile("6c7be1bebe844dda84277d41a3ea8d78694ded81", "inference_example.py");

/**
 * Models that are published, and whose files nobody has run here: what stands here was read in public
 * code, and no score of theirs was compared. They have no checksum and are not pulled; a file that you
 * have goes to `readOnnxModel` of `@btsbot/onnx`.
 *
 * @example
 * ```ts
 * import { UNVERIFIED_MODELS } from "@btsbot/weights";
 *
 * const [{ name, verified, definition }] = UNVERIFIED_MODELS;
 * [name, verified, definition.inputs.map((input) => input.name)]; // => ["btsbot-v2.0.0", false, ["image", "metadata"]]
 * ```
 */
export const UNVERIFIED_MODELS: readonly UnverifiedModel[] = [
  {
    name: "btsbot-v2.0.0",
    title: "BTSbot v2, a ConvNeXt beside a network of features, as BOOM runs it since September 2026",
    verified: false,
    page: "https://huggingface.co/nabeelr/BTSbot-convnext-pico-galaxyzoo-metadata",
    definition: {
      name: "btsbot-v2.0.0",
      version: "2.0.0",
      inputs: [
        { kind: "image", name: "image", preprocessing: { normalization: "l2", size: 63 } },
        { kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 },
      ],
      layers: [],
      output: { kind: "score", layer: "logits" },
      onnx: { layout: "nchw", activation: "sigmoid" },
    },
    license: "MIT",
    citation: "Rehemtulla et al. 2025, arXiv:2512.11957",
    doi: "10.48550/arXiv.2512.11957",
    sources: {
      page: `${FROM_HF}: the names of the authors' models on the hub, of which this is one with features`,
      names: `${TO_ONNX}: image, metadata and logits, the first axis of any length`,
      layout: `${TO_ONNX}: example triplets transposed to (0, 3, 1, 2)`,
      preprocessing: `${ALERT_UTILS}: make_triplet, as for v1`,
      features: `${INFERENCE_EXAMPLE}: metadata_cols, the same and in the same order as for v1`,
      activation: `${INFERENCE_EXAMPLE}: torch.sigmoid; src/enrichment/models/ztf/btsbot.rs of boom-astro/boom`,
      version: "src/enrichment/version.rs of boom-astro/boom: data/models/btsbot-v2.0.0.onnx",
      license: `${TO_HF}: the model's card`,
    },
    unknown: [
      "The hub's page holds PyTorch weights (pytorch_model.bin) by the authors' upload code; where the ONNX file itself is published is not stated there.",
      "Which of the models on the hub BOOM's file was made of.",
      "The SHA-256 and length of the file.",
    ],
  },
];
