import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { createKerasModel } from "./createKerasModel.js";
import { KERAS_IMPORT } from "./kerasImport.js";
import type { KerasImport } from "./kerasImport.js";
import { parseModelJson } from "./modelJson.js";
import type { ModelJson } from "./modelJson.js";
import { readManifest } from "./readManifest.js";
import type { Model } from "./types/model.js";

/** Gives the bytes of a model's file by its name: from disk, network, a bundle, memory. */
export type ReadFile = (file: string) => Promise<Uint8Array>;

/**
 * Reads a model in the tfjs layers format, as `writeLayersModel` writes it, tfjs itself, or its converter
 * from Keras 2 or 3; quantised weights (float16, uint8, uint16) are read as tfjs reads them.
 *
 * @param read - gives the bytes of `model.json` and of the weight files that it names
 * @param details - what the file does not say; needed for a model that was not written here
 * @returns the network with its weights
 * @throws BtsbotError `model-undescribed` where details are needed; `model-invalid`, `layer-unsupported`, `weights-missing`, `weights-misshapen`, and
 * where the file states a SHA-256 and what it holds has another: `weights-checksum`, `definition-checksum`
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn, readLayersModel, writeLayersModel } from "@btsbot/model";
 *
 * const definition = mmCnn("mine", "1");
 * const files = writeLayersModel(await createModel(definition, initializeWeights(definition, 1)));
 * const model = await readLayersModel(async (file) => files.get(file)!);
 * model.definition.name; // => "mine"
 * ```
 */
export async function readLayersModel(read: ReadFile, details?: KerasImport): Promise<Model> {
  if (details !== undefined) checkOptions("readLayersModel", details, KERAS_IMPORT);
  checkArgument("readLayersModel", "read", read, "function");
  const json = parseModelJson(await read("model.json"));
  const { kerasConfig, writtenBy, stated } = json;
  const known = details ?? stated?.details;
  if (known === undefined) {
    throw new BtsbotError("model-undescribed", "nothing states the model's name and feature profile", {
      path: "model.json: userDefinedMetadata.btsbot",
      hint: "Pass name, version and profile as the second argument.",
    });
  }
  const weights = await readManifest(json.manifest, read);
  const content = { kerasConfig, weights, ...(writtenBy !== undefined && { writtenBy }) };
  const model = await createKerasModel(content, known, stated?.source);
  // With details of the caller's the definition is not the one that the file states.
  return checkHashes(model, json, details === undefined);
}

/** The model, if its hashes are those that are stated; where the platform cannot hash, the stated ones stand. */
function checkHashes(model: Model, { stated, manifest }: ModelJson, isDefined: boolean): Model {
  const { sha256, definitionSha256 } = model;
  if (stated?.sha256 && sha256 !== "" && sha256 !== stated.sha256) {
    throw new BtsbotError("weights-checksum", "these are not the weights that model.json describes", {
      path: manifest.flatMap(({ paths }) => paths).join(", "),
      expected: stated.sha256,
      got: sha256,
    });
  }
  if (
    isDefined &&
    stated?.definitionSha256 &&
    definitionSha256 !== "" &&
    definitionSha256 !== stated.definitionSha256
  ) {
    throw new BtsbotError(
      "definition-checksum",
      "the network is not the one that was written: model.json was changed",
      {
        path: "model.json",
        expected: stated.definitionSha256,
        got: definitionSha256,
      },
    );
  }
  return {
    ...model,
    sha256: sha256 || (stated?.sha256 ?? ""),
    definitionSha256: definitionSha256 || (isDefined ? (stated?.definitionSha256 ?? "") : ""),
  };
}
