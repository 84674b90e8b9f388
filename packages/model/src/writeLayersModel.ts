import { checkWeights } from "./checkWeights.js";
import { toKerasConfig } from "./toKerasConfig.js";
import type { Model } from "./types/model.js";
import { weightBytes } from "./weightBytes.js";
import { weightSpecs } from "./weightSpecs.js";
import { writeInput } from "./writeInput.js";

/**
 * Writes a model in the tfjs layers format: `model.json` (topology, list of weights, and under
 * `userDefinedMetadata.btsbot` what `readLayersModel` needs besides) and `weights.bin`. A feature profile of your own
 * is written with it, if it is data; of one that is a program the name is.
 *
 * @param model - the network with its weights
 * @returns the files' bytes by name
 * @throws BtsbotError as `checkWeights`
 *
 * Format: https://www.tensorflow.org/js/guide/save_load
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn, writeLayersModel } from "@btsbot/model";
 *
 * const definition = mmCnn();
 * const files = writeLayersModel(await createModel(definition, initializeWeights(definition, 1)));
 * [...files.keys()]; // => ["model.json", "weights.bin"]
 * ```
 */
export function writeLayersModel(model: Model): Map<string, Uint8Array> {
  const { definition, weights, sha256, definitionSha256, source } = model;
  checkWeights(definition, weights);
  const { name, version, output, survey } = definition;
  const inputs = definition.inputs.map(writeInput);
  const classes = output.kind === "classes" ? output.classes : undefined;
  const json = {
    format: "layers-model",
    generatedBy: "keras v2.13.1",
    convertedBy: "btsbot",
    modelTopology: { keras_version: "2.13.1", backend: "tensorflow", model_config: toKerasConfig(definition) },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: weightSpecs(definition).map((spec) => ({ ...spec, dtype: "float32" })),
      },
    ],
    userDefinedMetadata: { btsbot: { name, version, inputs, classes, survey, sha256, definitionSha256, source } },
  };
  return new Map([
    ["model.json", new TextEncoder().encode(`${JSON.stringify(json, null, 1)}\n`)],
    ["weights.bin", weightBytes(definition, weights)],
  ]);
}
