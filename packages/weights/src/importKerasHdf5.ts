import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { Bytes, Platform } from "@btsbot/errors";
import { createKerasModel } from "@btsbot/model";
import type { Model, ModelSource } from "@btsbot/model";
import { inFile } from "./inFile.js";
import { readKerasHdf5 } from "./readKerasHdf5.js";
import { KERAS_FILE_IMPORT } from "./types.js";
import type { KerasFileImport } from "./types.js";

/**
 * Makes a model of a Keras HDF5 file, as Keras 2 and 3 write it: its architecture as a definition, its weights checked and hashed.
 *
 * @param bytes - the file
 * @param details - what the file does not say: name, version, feature profile; and the file's name
 * @param source - where it comes from
 * @returns the network with its weights
 * @throws BtsbotError as `readKerasHdf5`; `layer-unsupported`, `model-invalid` for the architecture;
 * `weights-missing`, `weights-misshapen` if the weights are not those that it needs. Each message begins
 * with the file's name
 *
 * @example
 * ```ts
 * import { importKerasHdf5 } from "@btsbot/weights";
 *
 * const details = { name: "mine", version: "1", file: "mine.h5" };
 * await importKerasHdf5(new Uint8Array(100), details).catch(({ code }) => code); // => "hdf5-invalid"
 * ```
 */
export async function importKerasHdf5(
  bytes: Bytes | Platform<"Blob">,
  details: KerasFileImport,
  source?: ModelSource,
): Promise<Model> {
  checkOptions("importKerasHdf5", details, KERAS_FILE_IMPORT);
  const { file = "HDF5 file", ...keras } = details;
  const content = await readKerasHdf5(bytes, file);
  try {
    return await createKerasModel(content, keras, source);
  } catch (error) {
    throw error instanceof BtsbotError ? inFile(file, error) : error;
  }
}
