import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "@btsbot/errors";
import { cacheFolder } from "./cacheFolder.js";
import { MODEL_FILE } from "./readPulled.js";
import { CACHE_OPTIONS } from "./types.js";
import type { CacheOptions, PulledModel } from "./types.js";

/** A folder that is being written carries this at its end. */
const UNFINISHED = /\.tmp$/;

/**
 * Lists the models in the cache.
 *
 * @param options - where the cache is
 * @returns the models by name; none if there is no cache yet
 *
 * @example
 * ```ts
 * import { listPulled } from "@btsbot/weights";
 *
 * await listPulled({ cache: "/nonexistent" }); // => []
 * ```
 */
export async function listPulled(options: CacheOptions = {}): Promise<PulledModel[]> {
  checkOptions("listPulled", options, CACHE_OPTIONS);
  const cache = options.cache ?? cacheFolder();
  const names = await readdir(cache).catch(() => []);
  return names
    .filter((name) => !UNFINISHED.test(name) && existsSync(join(cache, name, MODEL_FILE)))
    .sort()
    .map((name) => ({ name, folder: join(cache, name) }));
}
