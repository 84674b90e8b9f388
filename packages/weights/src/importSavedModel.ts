import { checkArgument, checkOptions } from "@btsbot/errors";
import { createKerasModel, KERAS_IMPORT } from "@btsbot/model";
import type { KerasImport, Model, ModelSource } from "@btsbot/model";
import { readSavedModel } from "./readSavedModel.js";

/**
 * Makes a model of a Keras SavedModel: its architecture as a definition, its weights checked and hashed.
 *
 * @param files - the SavedModel's bytes by path (see `unpackArchive`)
 * @param details - what the SavedModel does not say: name, version, feature profile
 * @param source - where it comes from
 * @returns the network with its weights
 * @throws BtsbotError as `readSavedModel`; `layer-unsupported`, `model-invalid` for the architecture;
 * `weights-missing`, `weights-misshapen` if the weights are not those that it needs
 *
 * @example
 * ```ts
 * import { importSavedModel } from "@btsbot/weights";
 *
 * const details = { name: "mine", version: "1", profile: "btsbot-v1" };
 * await importSavedModel(new Map(), details).catch(({ code }) => code); // => "savedmodel-invalid"
 * ```
 */
export async function importSavedModel(
  files: ReadonlyMap<string, Uint8Array>,
  details: KerasImport,
  source?: ModelSource,
): Promise<Model> {
  checkOptions("importSavedModel", details, KERAS_IMPORT);
  checkArgument("importSavedModel", "files", files, "map");
  return createKerasModel(readSavedModel(files), details, source);
}
