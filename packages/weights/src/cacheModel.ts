import { join } from "node:path";
import { checkArgument, checkOptions } from "@btsbot/errors";
import { writeLayersModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { makeFolder } from "@btsbot/tables";
import { cacheFolder } from "./cacheFolder.js";
import { checkNewName } from "./checkNewName.js";
import { fileError } from "./fileError.js";
import { placeFiles } from "./placeFiles.js";
import { CACHE_MODEL_OPTIONS } from "./types.js";
import type { CacheModelOptions, PulledModel } from "./types.js";

/**
 * Puts a model of your own into the cache, where `openCache` and `btsbot score --model` find it by its name.
 *
 * The model appears there whole or not at all.
 *
 * @param model - the network with its weights; its definition has the name
 * @param options - where the cache is, and whether a model of this name is replaced
 * @returns the model's name and folder
 * @throws BtsbotError as `checkNewName`; `cache-unwritable`, `disk-full`; as `checkWeights`
 *
 * @example
 * ```ts
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 * import { cacheModel } from "@btsbot/weights";
 *
 * const definition = mmCnn("btsbot-v1.0.1", "1");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * await cacheModel(model, { cache: "/nonexistent" }).catch(({ code }) => code); // => "model-named-already"
 * ```
 */
export async function cacheModel(model: Model, options: CacheModelOptions = {}): Promise<PulledModel> {
  checkOptions("cacheModel", options, CACHE_MODEL_OPTIONS);
  checkArgument("cacheModel", "model", model, "object", ["definition", "weights"]);
  const { name } = model.definition;
  const { cache = cacheFolder() } = options;
  checkNewName(name, options);
  const folder = join(cache, name);
  await makeFolder(cache).catch((error: unknown) => {
    throw fileError(error, cache, "cache-unwritable");
  });
  await placeFiles(writeLayersModel(model), folder, "cache-unwritable");
  return { name, folder };
}
