import { resolve } from "node:path";
import type { Problem } from "@btsbot/errors";
import { ConfigReader } from "./ConfigReader.js";
import { parseTrainConfig } from "./parseTrainConfig.js";
import { sampleSpace } from "./sampleSpace.js";
import type { Parameters } from "./sampleSpace.js";
import { SEARCH_SPACES } from "./searchSpaces.js";
import type { ParameterRange, SearchSpace } from "./searchSpaces.js";
import type { TrainConfig } from "./trainConfig.js";

/** A search: a training's configuration, and what of it is searched, and how. */
export interface SearchConfig {
  /** The training's configuration as JSON, with absolute paths; parameters are set in it. */
  readonly train: Readonly<Record<string, unknown>>;
  /** The ranges. */
  readonly space: SearchSpace;
  /** `random`: every trial is trained to its end. `halving`: all for a few epochs, the best part of them for more, and so on. */
  readonly method: "random" | "halving";
  /** Trials. */
  readonly trials: number;
  /** Of halving: epochs of the first round. */
  readonly minEpochs: number;
  /** Of halving: one in so many goes on, for so many times the epochs. */
  readonly eta: number;
  /** What the trials follow from. */
  readonly seed: number;
}

/**
 * Reads a search's configuration: a training's, with the key `search` beside.
 *
 * @param json - the configuration, as JSON gives it
 * @param folder - what relative paths in it are relative to
 * @returns the configuration, complete
 * @throws BtsbotError `config-invalid` with everything that is wrong, also with the first trial's configuration
 *
 * @example
 * ```ts
 * import { parseSearchConfig } from "@btsbot/train";
 *
 * const json = { name: "mine", model: { architecture: "mmCnn" }, data: [{ candidates: "a.csv", triplets: "a.npy" }], search: { trials: 9 } };
 * parseSearchConfig(json, "/data").method; // => "halving"
 * ```
 */
export function parseSearchConfig(json: unknown, folder: string): SearchConfig {
  const problems: Problem[] = [];
  const top = new ConfigReader(json, "", problems);
  const reader = top.object("search");
  const { search: _, ...train } = (json ?? {}) as Record<string, unknown>;
  const whole = { min: 1, integer: true };
  const named =
    typeof reader.take("space") === "object" ? undefined : reader.oneOf("space", ["btsbot", "alerce"], "btsbot");
  const config = {
    train: resolvePaths(train, folder),
    space: named === undefined ? readSpace(reader.object("space")) : SEARCH_SPACES[named],
    method: reader.oneOf("method", ["random", "halving"], "halving"),
    trials: reader.number("trials", 27, whole),
    minEpochs: reader.number("minEpochs", 2, whole),
    eta: reader.number("eta", 3, { min: 2, integer: true }),
    seed: reader.number("seed", 1, { integer: true }),
  };
  reader.end();
  top.throwProblems();
  configureTrial(config, sampleSpace(config.space, config.seed, 0));
  return config;
}

/**
 * The training's configuration with the values of a trial.
 *
 * @throws BtsbotError `config-invalid` for a parameter that sets what there is not
 * @internal
 */
export function configureTrial(config: SearchConfig, parameters: Parameters): TrainConfig {
  return parseTrainConfig(setParameters(config, parameters), "/");
}

/**
 * The training's configuration as JSON with the values of a trial: what `parseTrainConfig` reads.
 *
 * @internal
 */
export function setParameters({ train, space }: SearchConfig, parameters: Parameters): Record<string, unknown> {
  const json = structuredClone(train) as Record<string, unknown>;
  for (const [name, value] of Object.entries(parameters)) {
    for (const path of space[name].paths ?? [name]) {
      const keys = path.split(".");
      let at = json;
      for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
      at[keys.at(-1)!] = value;
    }
  }
  return json;
}

function readSpace(reader: ConfigReader): SearchSpace {
  if (reader.keys().length === 0) reader.refuse("", "one parameter or more");
  return Object.fromEntries(reader.keys().map((name) => [name, readRange(reader.object(name))]));
}

function readRange(reader: ConfigReader): ParameterRange {
  const paths = reader.strings("paths", undefined);
  const given = paths && { paths };
  const values = reader.take("values");
  if (values !== undefined) {
    if (!Array.isArray(values) || values.length === 0) reader.refuse("values", "a list of one or more");
    reader.end();
    return { values: values as number[], ...given };
  }
  const scale = reader.oneOf("scale", ["linear", "log"], "linear");
  const min = reader.number("min", undefined);
  const max = reader.number("max", undefined);
  if (min === undefined) reader.refuse("min", "a number, or values");
  if (max === undefined || max < (min ?? max)) reader.refuse("max", "a number not under min");
  if (scale === "log" && min !== undefined && min <= 0) reader.refuse("min", "above 0 where scale is log");
  const range = { min: min ?? 0, max: max ?? 0, scale, integer: reader.boolean("integer", false), ...given };
  reader.end();
  return range;
}

/** Paths of a training's configuration made absolute, so that it can be put down anywhere. */
function resolvePaths(train: Record<string, unknown>, folder: string): Record<string, unknown> {
  const absolute = (value: unknown): unknown => (typeof value === "string" ? resolve(folder, value) : value);
  const within = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, path]) => [key, absolute(path)]))
      : value;
  const { data, cache, teacher } = train;
  const scores = (teacher as { readonly scores?: unknown } | undefined)?.scores;
  return {
    ...train,
    ...(Array.isArray(data) && { data: data.map(within) }),
    ...(cache !== undefined && { cache: absolute(cache) }),
    ...(Array.isArray(scores) && { teacher: { ...(teacher as object), scores: scores.map(absolute) } }),
  };
}
