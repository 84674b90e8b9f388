import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { hashBytes, KERAS_IMPORT, readLayersModel } from "@btsbot/model";
import type { KerasImport, Model, ModelSource } from "@btsbot/model";
import { checkFileName } from "./checkName.js";
import { importKeras } from "./importKeras.js";
import { importSavedModel } from "./importSavedModel.js";
import { inFile } from "./inFile.js";
import { MODEL_FILE } from "./readPulled.js";
import { readRegular } from "./readRegular.js";
import { isZip } from "./readZip.js";
import { unpackArchive } from "./unpackArchive.js";

/** What a folder of a SavedModel holds, one of the two at least. */
const SAVED_MODEL = /^(saved_model|keras_metadata)\.pb$/;
/** What a SavedModel's folder holds of its weights. */
const VARIABLES = "variables";
/** Files of a model's folder: a large network's weights are cut into some ten. */
const MAX_FILES = 1000;
/** How an HDF5 file begins: HDF5 File Format Specification, section II.A. */
const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46];

/**
 * Reads a model from a file or a folder, whatever wrote it: a Keras file (`.keras` or HDF5, of Keras 2 or 3), a Keras 2
 * SavedModel, as a folder or as an archive, or a tfjs layers model (`model.json` and its weights), as a folder or by its
 * `model.json`. Which of them it is, the content tells.
 *
 * @param path - the file or the folder
 * @param details - what the file does not say: name, version, feature profile. What `exportModel`, `btsbot train` and
 * `btsbot models` write says all of it; nothing else does.
 * @returns the network with its weights; the source names the SHA-256 of the file, where it is one file of others
 * @throws BtsbotError `file-unreadable`; `model-invalid` where there is no model; `model-undescribed` where details are
 * needed; and as `importKeras`, `importSavedModel` and `readLayersModel`. Each message begins with the path
 *
 * @example
 * ```ts
 * import { readModel } from "@btsbot/weights";
 *
 * const details = { name: "mine", version: "1", profile: "btsbot-v1" };
 * await readModel("/nonexistent/mine.keras", details).catch(({ code }) => code); // => "file-unreadable"
 * ```
 */
export async function readModel(path: string, details?: KerasImport): Promise<Model> {
  if (details !== undefined) checkOptions("readModel", details, KERAS_IMPORT);
  checkArgument("readModel", "path", path, "string");
  try {
    return (await isFolder(path)) ? await readFolder(path, details) : await readFile(path, details);
  } catch (error) {
    if (error instanceof BtsbotError && error.path?.startsWith(path) !== true) throw inFile(path, error);
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return found.isDirectory();
}

async function readFolder(folder: string, details: KerasImport | undefined): Promise<Model> {
  const names = await readdir(folder);
  if (names.includes(MODEL_FILE))
    return readLayersModel((file) => readBytes(join(folder, checkFileName(file))), details);
  if (!names.some((name) => SAVED_MODEL.test(name)))
    throw new BtsbotError("model-invalid", "no model in this folder", {
      path: folder,
      expected: "model.json of a tfjs layers model, or a Keras 2 SavedModel",
      got: describeNames(names),
    });
  const files = new Map<string, Uint8Array>();
  const inside = (await readdir(join(folder, VARIABLES)).catch(() => [])).map((name) => `${VARIABLES}/${name}`);
  for (const name of [...names.filter((each) => SAVED_MODEL.test(each)), ...inside].slice(0, MAX_FILES))
    files.set(name, await readBytes(join(folder, name)));
  return importSavedModel(files, needDetails(folder, details));
}

async function readFile(path: string, details: KerasImport | undefined): Promise<Model> {
  const file = basename(path);
  if (file === MODEL_FILE) return readFolder(dirname(path), details);
  if (/\.onnx$/i.test(file))
    throw new BtsbotError("model-invalid", "an ONNX file, which runs on an onnxruntime of yours", {
      path,
      expected: "a Keras file, a SavedModel, or a tfjs layers model",
      hint: "Read it with `readOnnxModel` of @btsbot/onnx.",
    });
  const bytes = await readBytes(path);
  const sha256 = await hashBytes(bytes);
  const source: ModelSource = sha256 === undefined ? {} : { sha256 };
  if (isZip(bytes) || HDF5_SIGNATURE.every((byte, place) => bytes[place] === byte))
    return importKeras(bytes, { ...needDetails(path, details), file: path }, source);
  const files = unpack(path, bytes);
  const json = [...files.keys()].find((name) => basename(name) === MODEL_FILE);
  if (json === undefined) return importSavedModel(files, needDetails(path, details), source);
  const folder = json.slice(0, -MODEL_FILE.length);
  return readLayersModel((name) => Promise.resolve(memberOf(files, folder + name)), details);
}

/** What is neither a Keras file nor an archive is said to be no model, not a damaged archive. */
function unpack(path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  try {
    return unpackArchive(bytes);
  } catch (cause) {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw cause;
    throw new BtsbotError("model-invalid", "not a file of a model", {
      path,
      expected: "a Keras file (.keras, HDF5), an archive of a SavedModel, or model.json of a tfjs layers model",
      cause,
    });
  }
}

function memberOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (bytes !== undefined) return bytes;
  throw new BtsbotError("model-invalid", "the archive lacks a file of the model", {
    expected: name,
    got: describeNames([...files.keys()]),
  });
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readRegular(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

/** A Keras file states no name, no version and no feature profile. */
function needDetails(path: string, details: KerasImport | undefined): KerasImport {
  if (details !== undefined) return details;
  throw new BtsbotError("model-undescribed", "nothing states the model's name and feature profile", {
    path,
    hint: "Pass name, version and profile as the second argument.",
  });
}

function describeNames(names: readonly string[]): string {
  const [most, rest] = [names.slice(0, 5), names.length - 5];
  return names.length === 0 ? "nothing" : most.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function unreadable(path: string, cause: unknown): BtsbotError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const got = code === "ENOENT" ? "no such file or folder" : (code ?? message);
  return new BtsbotError("file-unreadable", "cannot be read", { path, got, cause });
}
