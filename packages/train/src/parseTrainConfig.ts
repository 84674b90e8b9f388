import { resolve } from "node:path";
import { BtsbotError, parseData } from "@btsbot/errors";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import type * as z from "zod";
import { buildDefinition } from "./buildDefinition.js";
import type { DataSource } from "./openTrainingSet.js";
import { TRAIN_SCHEMA } from "./trainSchema.js";
import type { TrainConfig } from "./trainConfig.js";

type TrainJson = z.output<typeof TRAIN_SCHEMA>;

const MEGABYTE = 1e6;

/**
 * Reads a training's configuration: what is left out gets its default, which is the paper's where the
 * paper has one. The README of this package names every key.
 *
 * @param json - the configuration, as JSON gives it
 * @param folder - what relative paths in it are relative to
 * @param profiles - feature profiles of your own, for a network that names one
 * @returns the configuration, complete, with absolute paths
 * @throws BtsbotError `config-invalid` with everything that is wrong; `profile-unknown` and `profile-invalid`
 *
 * @example
 * ```ts
 * import { parseTrainConfig } from "@btsbot/train";
 *
 * const json = { name: "mine", model: { architecture: "featuresNn" }, data: [{ candidates: "a.csv" }] };
 * parseTrainConfig(json, "/data").fit.batchSize; // => 64
 * ```
 */
export function parseTrainConfig(
  json: unknown,
  folder: string,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): TrainConfig {
  const read = parseData(TRAIN_SCHEMA, json, "config-invalid", "the configuration");
  const { epochs, batchSize, adam, schedule, entropyWeight: beta, augment, seed, ...rest } = read;
  const { cache, teacher, memoryMegabytes, checkpointBatches = Infinity, ...others } = rest;
  const at = (path: string): string => resolve(folder, path);
  const config: TrainConfig = {
    ...others,
    data: read.data.map((source) => placeSource(source, at)),
    cache: cache === undefined ? null : at(cache),
    teacher: teacher === undefined ? null : { ...teacher, ...(teacher.scores && { scores: teacher.scores.map(at) }) },
    fit: { epochs, batchSize, adam, schedule, beta, augment, seed },
    checkpointBatches,
    memoryBytes: memoryMegabytes * MEGABYTE,
  };
  if (!("definition" in config.model)) buildDefinition(config.model, config.name, config.version, profiles);
  return config;
}

function placeSource(source: TrainJson["data"][number], at: (path: string) => string): DataSource {
  if ("packets" in source) return { packets: at(source.packets), truth: at(source.truth) };
  const { candidates, triplets, truth } = source;
  return {
    candidates: at(candidates),
    ...(triplets !== undefined && { triplets: at(triplets) }),
    ...(truth !== undefined && { truth: at(truth) }),
  };
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
