import { dirname, resolve } from "node:path";
import { checkArgument, checkOptions } from "@btsbot/errors";
import { writeLayersModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { makeFolder } from "@btsbot/tables";
import { checkModelName } from "./checkName.js";
import { exportOnnx } from "./exportOnnx.js";
import { fileError } from "./fileError.js";
import { placeFiles } from "./placeFiles.js";
import { EXPORT_OPTIONS } from "./types.js";
import type { ExportOptions } from "./types.js";

/**
 * Writes a model's files into a folder, for use without this library: `model.json` and `weights.bin` in
 * the tfjs layers format, and `NAME.onnx`.
 *
 * A folder that is not there is made, and appears with all files or not at all. In one that is, each file
 * is replaced whole.
 *
 * @param model - the network with its weights
 * @param folder - where to
 * @param options - which formats; both by default
 * @returns the paths of the files
 * @throws BtsbotError `folder-unwritable`, `disk-full`, `model-invalid` for a name that cannot be a file's, and as `checkWeights`
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { exportModel } from "@btsbot/weights";
 *
 * const definition = mmCnn("mine", "1");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * await exportModel(model, "/dev/null/models").catch(({ code }) => code); // => "folder-unwritable"
 * ```
 */
export async function exportModel(model: Model, folder: string, options: ExportOptions = {}): Promise<string[]> {
  checkOptions("exportModel", options, EXPORT_OPTIONS);
  checkArgument("exportModel", "model", model, "object", ["definition", "weights"]);
  checkArgument("exportModel", "folder", folder, "string");
  const { formats = ["tfjs", "onnx"] } = options;
  const files = new Map<string, Uint8Array>();
  if (formats.includes("tfjs")) for (const [name, bytes] of writeLayersModel(model)) files.set(name, bytes);
  if (formats.includes("onnx")) {
    checkModelName(model.definition.name);
    files.set(`${model.definition.name}.onnx`, exportOnnx(model));
  }
  await makeFolder(dirname(resolve(folder))).catch((error: unknown) => {
    throw fileError(error, folder, "folder-unwritable");
  });
  return placeFiles(files, folder, "folder-unwritable");
}
