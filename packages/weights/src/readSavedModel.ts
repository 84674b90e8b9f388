import { BtsbotError } from "@btsbot/errors";
import type { Weight } from "@btsbot/model";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { readTfCheckpoint } from "./readTfCheckpoint.js";
import type { KerasModel } from "./types.js";

const METADATA = "keras_metadata.pb";
const INDEX = "variables/variables.index";
const SHARD = /^variables\/variables\.data-\d{5}-of-\d{5}$/;
/** What a checkpoint appends to the path of an object whose value it holds. */
const VARIABLE_SUFFIX = "/.ATTRIBUTES/VARIABLE_VALUE";
const ROOT = "root";

/** What Keras says of one of its objects (SavedObject): the path from the model, and its configuration. */
interface KerasObject {
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Reads a Keras model from the files of a SavedModel: the architecture from `keras_metadata.pb`, the
 * weights from the checkpoint in `variables/`. The graph in `saved_model.pb` is not needed.
 *
 * A variable finds its layer by the path that Keras gives the layer in both files, such as
 * `layer_with_weights-3`.
 *
 * @param files - bytes by path, as `unpackArchive` gives them; the model may lie in a folder
 * @returns the Keras configuration and the weights by `layer/weight`; the optimizer's state is left out
 * @throws BtsbotError `savedmodel-invalid` if files are absent or the metadata cannot be read;
 * `checkpoint-invalid`, `checkpoint-crc` for the weights
 *
 * Source: keras/protobuf/saved_metadata.proto; keras/saving/legacy/saved_model (Keras 2.5 to 2.13).
 *
 * @example
 * ```ts
 * import { toSafe } from "@btsbot/errors";
 * import { readSavedModel } from "@btsbot/weights";
 *
 * const result = toSafe(() => readSavedModel(new Map()));
 * result.success; // => false
 * ```
 */
export function readSavedModel(files: ReadonlyMap<string, Uint8Array>): KerasModel {
  const folder = findFolder(files);
  const objects = readMetadata(files.get(`${folder}${METADATA}`)!);
  const root = objects.find(({ path }) => path === ROOT)?.metadata;
  if (root === undefined || typeof root.class_name !== "string" || typeof root.config !== "object") {
    throw invalid(METADATA, "it does not describe a model");
  }
  const index = files.get(`${folder}${INDEX}`);
  if (index === undefined) throw invalid(`${folder}${INDEX}`, "no such file");
  return {
    kerasConfig: { class_name: root.class_name, config: root.config },
    weights: readWeights(objects, index, findShards(files, folder)),
  };
}

/** The folder that holds the model, with its trailing slash; empty if the files lie at the top. */
function findFolder(files: ReadonlyMap<string, Uint8Array>): string {
  const folders = [...files.keys()]
    .filter((path) => /(^|\/)keras_metadata\.pb$/.test(path))
    .map((path) => path.slice(0, -METADATA.length));
  if (folders.length !== 1) {
    throw invalid(METADATA, folders.length === 0 ? "no such file" : "more than one model", {
      ...(folders.length > 1 && { got: folders.join(", ") }),
      ...(folders.length === 0 && { hint: "A SavedModel written by Keras 2.5 to 2.13 has one." }),
    });
  }
  return folders[0];
}

function findShards(files: ReadonlyMap<string, Uint8Array>, folder: string): Uint8Array[] {
  const paths = [...files.keys()].filter((path) => path.startsWith(folder) && SHARD.test(path.slice(folder.length)));
  return paths.sort().map((path) => files.get(path)!);
}

function readWeights(
  objects: readonly KerasObject[],
  index: Uint8Array,
  shards: readonly Uint8Array[],
): Map<string, Weight> {
  const layers = new Map<string, string>();
  for (const { path, metadata } of objects) {
    if (path.startsWith(`${ROOT}.`) && typeof metadata.name === "string")
      layers.set(path.slice(ROOT.length + 1), metadata.name);
  }
  const checkpoint = readTfCheckpoint(index, shards, INDEX.replace(/\.index$/, ""));
  const weights = new Map<string, Weight>();
  for (const key of checkpoint.tensors.keys()) {
    const [object, weight, ...rest] = key.split("/");
    const layer = layers.get(object);
    if (layer === undefined || `/${rest.join("/")}` !== VARIABLE_SUFFIX) continue;
    weights.set(`${layer}/${weight}`, checkpoint.read(key));
  }
  return weights;
}

/** SavedMetadata: 1 the objects, each with 3 its path and 5 its metadata as JSON. */
function readMetadata(bytes: Uint8Array): KerasObject[] {
  const objects: KerasObject[] = [];
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === 1) objects.push(readObject(reader.bytes()));
      else reader.skip(type, field);
    }
  } catch (cause) {
    throw invalid(METADATA, "it cannot be read", {
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  return objects;
}

function readObject(bytes: Uint8Array): KerasObject {
  const reader = new BinaryReader(bytes);
  let [path, json] = ["", "{}"];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 3) path = reader.string();
    else if (field === 5) json = reader.string();
    else reader.skip(type, field);
  }
  return { path, metadata: parseJson(json) };
}

/** Keras writes `Infinity` and `NaN` as Python does, in places such as a metric's settings that no network needs. */
function parseJson(json: string): Readonly<Record<string, unknown>> {
  const strict = json.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
    token.startsWith('"') ? token : "null",
  );
  return JSON.parse(strict) as Readonly<Record<string, unknown>>;
}

function invalid(
  path: string,
  summary: string,
  details: { got?: string; hint?: string; cause?: unknown } = {},
): BtsbotError {
  return new BtsbotError("savedmodel-invalid", summary, { path, ...details });
}
