import { ALERCE_CLASSES, ALERCE_DROPOUT, ALERCE_IMAGES, makeAlerceBranch } from "./makeAlerceBranch.js";
import { makeDense, makeDropout } from "./makeLayers.js";
import type { ModelDefinition } from "./types/definition.js";

/**
 * ALeRCE's classifier of images alone: four rotations of the innermost 21 x 21 pixels through one branch
 * of convolutions and two dense layers, the mean over them after the second, and a probability each for AGN,
 * supernova, variable star, asteroid and bogus. It reads no feature, so it has no feature profile.
 *
 * @param name - the model's name
 * @param version - the model's version
 * @returns the definition, layers with weights named as in the authors' checkpoints
 *
 * Source: alercebroker/pipeline, stamp_classifier_step/model, modules/networks/deep_hits.py.
 *
 * @example
 * ```ts
 * import { alerceImageClassifier, inferShapes } from "@btsbot/model";
 *
 * const definition = alerceImageClassifier();
 * definition.inputs.map(({ kind }) => kind); // => ["image"]
 * inferShapes(definition).get("cyclic_pooling"); // => [64]
 * ```
 */
export function alerceImageClassifier(name = "alerce-images", version = "untrained"): ModelDefinition {
  return {
    name,
    version,
    inputs: [ALERCE_IMAGES],
    layers: [
      ...makeAlerceBranch(3),
      makeDense("dense_1_9", "flatten", 64),
      makeDropout("dropout_1", "dense_1_9", ALERCE_DROPOUT),
      makeDense("dense_2_10", "dropout_1", 64),
      makeDropout("dropout_2", "dense_2_10", ALERCE_DROPOUT),
      { type: "cyclicPooling", name: "cyclic_pooling", inputs: ["dropout_2"] },
      makeDense("output_logits", "cyclic_pooling", ALERCE_CLASSES.length, "softmax"),
    ],
    output: { kind: "classes", layer: "output_logits", classes: ALERCE_CLASSES },
  };
}
