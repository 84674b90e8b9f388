import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { Bytes, Platform } from "@btsbot/errors";
import { createKerasModel } from "@btsbot/model";
import type { Model, ModelSource } from "@btsbot/model";
import { fileBytes } from "./fileBytes.js";
import { inFile } from "./inFile.js";
import { readKerasArchive } from "./readKerasArchive.js";
import { readKerasHdf5 } from "./readKerasHdf5.js";
import { isZip } from "./readZip.js";
import { KERAS_FILE_IMPORT } from "./types.js";
import type { KerasFileImport } from "./types.js";

/**
 * Makes a model of a file that `model.save` of Keras wrote, `.keras` or HDF5: which of the two, its bytes
 * tell. The architecture becomes a definition, the weights are checked and hashed.
 *
 * @param input - the file
 * @param details - what the file does not say: name, version, feature profile; and the file's name
 * @param source - where it comes from
 * @returns the network with its weights
 * @throws BtsbotError as `readKerasArchive`, `readKerasHdf5` and `createKerasModel` of `@btsbot/model`; each
 * message begins with the file's name
 *
 * @example
 * ```ts
 * import { importKeras } from "@btsbot/weights";
 *
 * const details = { name: "mine", version: "1", profile: "btsbot-v1", file: "mine.keras" };
 * await importKeras(new Uint8Array(100), details).catch(({ code }) => code); // => "hdf5-invalid"
 * ```
 */
export async function importKeras(
  input: Bytes | Platform<"Blob">,
  details: KerasFileImport,
  source?: ModelSource,
): Promise<Model> {
  checkOptions("importKeras", details, KERAS_FILE_IMPORT);
  const { file = "Keras file", ...keras } = details;
  const bytes = await fileBytes(input, file);
  const content = isZip(bytes) ? await readKerasArchive(bytes, file) : await readKerasHdf5(bytes, file);
  try {
    return await createKerasModel(content, keras, source);
  } catch (error) {
    throw error instanceof BtsbotError ? inFile(file, error) : error;
  }
}
