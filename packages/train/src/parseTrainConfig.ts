import { resolve } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { ModelDefinition } from "@btsbot/model";
import { buildDefinition } from "./buildDefinition.js";
import type { LayerConfig, NetworkConfig } from "./buildDefinition.js";
import { CUTS } from "./cleanAlerts.js";
import type { Cut } from "./cleanAlerts.js";
import { ConfigReader } from "./ConfigReader.js";
import { DEFAULT_FIT } from "./defaultFit.js";
import type { FitSettings } from "./fitTypes.js";
import type { DataSource } from "./openTrainingSet.js";
import { LATEST_CLASSES } from "./thinAlerts.js";
import type { TeacherConfig, TrainConfig } from "./trainConfig.js";

/** A model's name becomes a folder's: no slash, and no dot in front. */
const MODEL_NAME = /^\w[\w.+-]*$/;
const MEGABYTE = 1e6;

/**
 * Reads a training's configuration: what is left out gets its default, which is the paper's where the
 * paper has one. The README of this package names every key.
 *
 * @param json - the configuration, as JSON gives it
 * @param folder - what relative paths in it are relative to
 * @returns the configuration, complete, with absolute paths
 * @throws BtsbotError `config-invalid` with everything that is wrong
 *
 * @example
 * ```ts
 * import { parseTrainConfig } from "@btsbot/train";
 *
 * const json = { name: "mine", model: { architecture: "featuresNn" }, data: [{ candidates: "a.csv" }] };
 * parseTrainConfig(json, "/data").fit.batchSize; // => 64
 * ```
 */
export function parseTrainConfig(json: unknown, folder: string): TrainConfig {
  const problems: Problem[] = [];
  const reader = new ConfigReader(json, "", problems);
  const at = (path: string): string => resolve(folder, path);
  const name = reader.text("name");
  if (name !== "" && !MODEL_NAME.test(name)) reader.refuse("name", "letters, digits, . _ + -, no dot in front");
  const cache = reader.string("cache", null);
  const thinning = reader.object("thinning");
  const config: TrainConfig = {
    name,
    version: reader.string("version", "1"),
    model: readModel(reader.object("model")),
    data: reader.objects("data").map((source) => readSource(source, at)),
    cache: cache === null ? null : at(cache),
    teacher: reader.has("teacher") ? readTeacher(reader.object("teacher"), at) : null,
    classes: readNames(reader.object("classes")),
    cuts: reader.strings("cuts", CUTS, CUTS) as readonly Cut[],
    exclude: reader.strings("exclude", []),
    splitSeed: reader.number("splitSeed", 0, { integer: true }),
    thinning: { max: thinning.number("max", 100, { min: 1 }), latest: thinning.strings("latest", LATEST_CLASSES) },
    classWeights: reader.oneOf("classWeights", ["alerts", "sources", "none"], "alerts"),
    fit: readFit(reader),
    checkpointBatches: reader.number("checkpointBatches", Infinity, { min: 1, integer: true }),
    memoryBytes: reader.number("memoryMegabytes", 1000, { min: 0 }) * MEGABYTE,
  };
  thinning.end();
  reader.end();
  reader.throwProblems();
  if (!("definition" in config.model)) buildDefinition(config.model, name, config.version);
  return config;
}

function readModel(reader: ConfigReader): TrainConfig["model"] {
  if (reader.has("definition")) {
    const definition = reader.take("definition") as ModelDefinition;
    const isDefinition =
      Array.isArray(definition?.inputs) && Array.isArray(definition.layers) && typeof definition.output === "object";
    if (!isDefinition) reader.refuse("definition", "inputs, layers and output");
    reader.end();
    return { definition };
  }
  const layers = reader.object("layers");
  const network: NetworkConfig = {
    architecture: reader.oneOf("architecture", ["mmCnn", "umCnn", "featuresNn", "alerceStampClassifier"], "mmCnn"),
    ...optional("size", reader.number("size", undefined, { min: 3, max: 63, integer: true })),
    layers: Object.fromEntries(layers.keys().map((name) => [name, readLayer(layers.object(name))])),
  };
  reader.end();
  return network;
}

function readLayer(reader: ConfigReader): LayerConfig {
  const whole = { min: 1, integer: true };
  const layer: LayerConfig = {
    ...optional("filters", reader.number("filters", undefined, whole)),
    ...optional("kernelSize", reader.number("kernelSize", undefined, whole)),
    ...optional("units", reader.number("units", undefined, whole)),
    ...optional("rate", reader.number("rate", undefined, { min: 0, max: 0.99 })),
    ...optional("momentum", reader.number("momentum", undefined, { min: 0, max: 0.99999 })),
  };
  reader.end();
  return layer;
}

function readSource(reader: ConfigReader, at: (path: string) => string): DataSource {
  const isPackets = reader.has("packets");
  const truth = isPackets ? reader.text("truth") : reader.string("truth", undefined);
  const triplets = isPackets ? undefined : reader.string("triplets", undefined);
  const source = isPackets
    ? { packets: at(reader.text("packets")), truth: at(truth ?? "") }
    : {
        candidates: at(reader.text("candidates")),
        ...(triplets && { triplets: at(triplets) }),
        ...(truth && { truth: at(truth) }),
      };
  reader.end();
  return source;
}

function readTeacher(reader: ConfigReader, at: (path: string) => string): TeacherConfig {
  const scores = reader.strings("scores", undefined);
  const teacher = {
    weight: reader.number("weight", 0.5, { min: 0, max: 1 }),
    ...(scores && { scores: scores.map(at) }),
    ...optional("model", reader.string("model", undefined)),
    ...optional("column", reader.string("column", undefined)),
  };
  if ((teacher.scores === undefined) === (teacher.column === undefined))
    reader.refuse("scores", "either files of scores, or a column");
  reader.end();
  return teacher;
}

function readNames(reader: ConfigReader): Record<string, string> {
  return Object.fromEntries(reader.keys().map((key) => [key, reader.text(key)]));
}

function readFit(reader: ConfigReader): FitSettings {
  const adam = reader.object("adam");
  const schedule = reader.object("schedule");
  const below1 = { min: 0, max: 0.999999 };
  const fit: FitSettings = {
    epochs: reader.number("epochs", DEFAULT_FIT.epochs, { min: 1, integer: true }),
    batchSize: reader.number("batchSize", DEFAULT_FIT.batchSize, { min: 1, max: 4096, integer: true }),
    adam: {
      learningRate: adam.number("learningRate", DEFAULT_FIT.adam.learningRate, { min: 0 }),
      beta1: adam.number("beta1", DEFAULT_FIT.adam.beta1, below1),
      beta2: adam.number("beta2", DEFAULT_FIT.adam.beta2, below1),
    },
    schedule: {
      factor: schedule.number("factor", DEFAULT_FIT.schedule.factor, { min: 0, max: 1 }),
      patience: schedule.number("patience", DEFAULT_FIT.schedule.patience, { min: 1, integer: true }),
      minLearningRate: schedule.number("minLearningRate", DEFAULT_FIT.schedule.minLearningRate, { min: 0 }),
      stopPatience: schedule.number("stopPatience", DEFAULT_FIT.schedule.stopPatience, { min: 1, integer: true }),
    },
    beta: reader.number("entropyWeight", DEFAULT_FIT.beta, { min: 0 }),
    augment: reader.boolean("augment", DEFAULT_FIT.augment),
    seed: reader.number("seed", DEFAULT_FIT.seed, { integer: true }),
  };
  adam.end();
  schedule.end();
  return fit;
}

/** The key with its value; nothing where there is none. */
function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/**
 * Reads a configuration's text.
 *
 * @throws BtsbotError `json-invalid`
 * @internal
 */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BtsbotError("json-invalid", "not JSON", { path, got: (cause as Error).message, cause });
  }
}
