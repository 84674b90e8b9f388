import { resolve } from "node:path";
import { parseData } from "@btsbot/errors";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import * as z from "zod";
import { parseTrainConfig } from "./parseTrainConfig.js";
import { sampleSpace } from "./sampleSpace.js";
import type { Parameters } from "./sampleSpace.js";
import { SEARCH_SPACES } from "./searchSpaces.js";
import type { SearchSpace } from "./searchSpaces.js";
import { byKey, byName, strictKeys } from "./trainSchema.js";
import type { TrainConfig } from "./trainConfig.js";

const paths = z.array(z.string()).optional();
const whole = z.int().min(1);

const listSchema = strictKeys({ values: z.array(z.union([z.number(), z.string(), z.boolean()])).min(1), paths });

const boundsSchema = strictKeys({
  min: z.number(),
  max: z.number(),
  scale: z.enum(["linear", "log"]).default("linear"),
  integer: z.boolean().default(false),
  paths,
}).superRefine(({ min, max, scale }, context) => {
  if (max < min) context.addIssue({ code: "custom", path: ["max"], message: "it is below min" });
  if (scale === "log" && min <= 0)
    context.addIssue({ code: "custom", path: ["min"], message: "where scale is log it must be above 0" });
});

/** The key `search` of a search's configuration. */
const SEARCH_SCHEMA = strictKeys({
  // A name, or ranges of your own.
  space: byName(
    z.enum(["btsbot", "alerce"]),
    z
      .record(z.string(), byKey("values", listSchema, boundsSchema))
      .refine((space) => Object.keys(space).length > 0, "it must name at least one parameter"),
  ).prefault("btsbot"),
  method: z.enum(["random", "halving"]).default("halving"),
  trials: whole.default(27),
  minEpochs: whole.default(2),
  eta: z.int().min(2).default(3),
  seed: z.int().default(1),
});

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
 * @param profiles - feature profiles of your own, for a network that names one
 * @returns the configuration, complete
 * @throws BtsbotError `config-invalid` with everything that is wrong, also with the first trial's configuration;
 * `profile-unknown` and `profile-invalid`
 *
 * @example
 * ```ts
 * import { parseSearchConfig } from "@btsbot/train";
 *
 * const json = { name: "mine", model: { architecture: "mmCnn" }, data: [{ candidates: "a.csv", triplets: "a.npy" }], search: { trials: 9 } };
 * parseSearchConfig(json, "/data").method; // => "halving"
 * ```
 */
export function parseSearchConfig(
  json: unknown,
  folder: string,
  profiles: readonly (FeatureProfile | ProfileData)[] = [],
): SearchConfig {
  const { search, ...train } = parseData(z.looseObject({}), json, "config-invalid", "the configuration");
  const schema = z.object({ search: SEARCH_SCHEMA.prefault({}) });
  const { space, ...how } = parseData(schema, { search }, "config-invalid", "the configuration").search;
  const config = {
    ...how,
    train: resolvePaths(train, folder),
    space: typeof space === "string" ? SEARCH_SPACES[space] : space,
  };
  configureTrial(config, sampleSpace(config.space, config.seed, 0), profiles);
  return config;
}

/**
 * The training's configuration with the values of a trial.
 *
 * @throws BtsbotError `config-invalid` for a parameter that sets what there is not
 * @internal
 */
export function configureTrial(
  config: SearchConfig,
  parameters: Parameters,
  profiles?: readonly (FeatureProfile | ProfileData)[],
): TrainConfig {
  return parseTrainConfig(setParameters(config, parameters), "/", profiles);
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
