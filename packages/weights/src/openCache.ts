import { BtsbotError, checkOptions } from "@btsbot/errors";
import { DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
import type { Model, ModelStore } from "@btsbot/model";
import { cacheFolder } from "./cacheFolder.js";
import { listPulled } from "./listPulled.js";
import { PUBLISHED_MODELS } from "./publishedModels.js";
import { readPulled } from "./readPulled.js";
import { CACHE_OPTIONS } from "./types.js";
import type { CacheOptions } from "./types.js";

/**
 * Opens the cache of pulled models as a store, for `createScorer` of `@btsbot/core`.
 *
 * A model is read once, however often it is asked for; one that failed is read again. `btsbot-mini`, which ships inside
 * `@btsbot/model`, is there even if the cache does not hold it; `names` lists the cache alone.
 *
 * @param options - where the cache is
 * @returns the store; its `load` throws BtsbotError `model-not-pulled` with the command to run,
 * `model-unknown`, or `weights-checksum` and others for a model that was damaged on disk
 *
 * @example
 * ```ts
 * import { openCache } from "@btsbot/weights";
 *
 * const store = openCache({ cache: "/nonexistent" });
 * await store.load("btsbot-v1.0.1").catch(({ code }) => code); // => "model-not-pulled"
 * ```
 */
export function openCache(options: CacheOptions = {}): ModelStore {
  checkOptions("openCache", options, CACHE_OPTIONS);
  const cache = options.cache ?? cacheFolder();
  const models = new Map<string, Promise<Model>>();
  return {
    load(name) {
      const known = models.get(name);
      if (known !== undefined) return known;
      const model = readPulled(cache, name).catch((error: unknown) => {
        if (!(error instanceof BtsbotError) || error.code !== "model-unknown") throw error;
        if (name === DEFAULT_MODEL) return loadDefaultModel();
        return refuseUnknown(error, name, cache);
      });
      models.set(name, model);
      model.catch(() => models.delete(name));
      return model;
    },
    names: async () => (await listPulled({ cache })).map(({ name }) => name),
  };
}

/** Names all that could have been meant: what is published, what ships, and what is in the cache. */
async function refuseUnknown(cause: BtsbotError, name: string, cache: string): Promise<never> {
  const { hint } = cause.problems[0];
  const published = PUBLISHED_MODELS.map((model) => model.name);
  const names = new Set([...published, DEFAULT_MODEL, ...(await listPulled({ cache })).map((model) => model.name)]);
  throw new BtsbotError("model-unknown", "no model has this name", {
    path: name,
    expected: [...names].join(", "),
    ...(hint !== undefined && { hint }),
    cause,
  });
}
