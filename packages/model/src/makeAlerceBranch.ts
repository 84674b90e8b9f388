import { makeConv, makePool } from "./makeLayers.js";
import type { ImageInput } from "./types/definition.js";
import type { Layer } from "./types/layers.js";

/**
 * What ALeRCE's networks tell apart, in the order of their probabilities.
 *
 * @internal
 */
export const ALERCE_CLASSES: readonly string[] = ["AGN", "SN", "VS", "asteroid", "bogus"];

/**
 * Dropped in training after each dense layer but the last (Carrasco-Davis et al. 2021, Table 2).
 *
 * @internal
 */
export const ALERCE_DROPOUT = 0.5;

/**
 * The images that ALeRCE's networks read: the innermost 21 x 21 pixels, each stamp from 0 to 1.
 *
 * @internal
 */
export const ALERCE_IMAGES: ImageInput = {
  kind: "image",
  name: "images",
  preprocessing: { normalization: "minmax", size: 21 },
};

/**
 * The convolutions that ALeRCE's networks have in common, from the input `images` in its four rotations to
 * the layer `flatten`, layers named as in the authors' checkpoints.
 *
 * Source: Carrasco-Davis et al. 2021, AJ 162, 231, Table 2; alercebroker/pipeline,
 * stamp_classifier_step/model, modules/networks.
 *
 * @internal
 */
export function makeAlerceBranch(kernelSize: number): Layer[] {
  return [
    { type: "rotations", name: "rotations", inputs: ["images"] },
    {
      type: "zeroPadding2d",
      name: "zero_padding",
      inputs: ["rotations"],
      padding: [
        [3, 3],
        [3, 3],
      ],
    },
    { ...makeConv("conv_1_1", "zero_padding", 32, 4), padding: "valid" },
    makeConv("conv_2_2", "conv_1_1", 32, kernelSize),
    makePool("pool_1", "conv_2_2", 2),
    makeConv("conv_3_4", "pool_1", 64, kernelSize),
    makeConv("conv_4_5", "conv_3_4", 64, kernelSize),
    makeConv("conv_5_6", "conv_4_5", 64, kernelSize),
    makePool("pool_2", "conv_5_6", 2),
    { type: "flatten", name: "flatten", inputs: ["pool_2"] },
  ];
}
