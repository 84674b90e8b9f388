import { existsSync } from "node:fs";
import { join } from "node:path";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { DEFAULT_MODEL } from "@btsbot/model";
import { cacheFolder } from "./cacheFolder.js";
import { checkModelName } from "./checkName.js";
import { PUBLISHED_MODELS } from "./publishedModels.js";
import { CACHE_MODEL_OPTIONS } from "./types.js";
import type { CacheModelOptions } from "./types.js";

/**
 * Refuses a name that a model of your own cannot have in the cache, before anything else is done with the model.
 *
 * @param name - the model's name
 * @param options - where the cache is, and whether a model of this name is replaced
 * @throws BtsbotError `model-invalid` for a name that cannot be a folder's; `model-named-already` for the name of a
 * published model, and for one that is in the cache unless it is to be replaced
 *
 * @example
 * ```ts
 * import { toSafe } from "@btsbot/errors";
 * import { checkNewName } from "@btsbot/weights";
 *
 * checkNewName("mine", { cache: "/nonexistent" });
 * const taken = toSafe(() => checkNewName("btsbot-v1.0.1"));
 * taken.success; // => false
 * ```
 */
export function checkNewName(name: string, options: CacheModelOptions = {}): void {
  checkOptions("checkNewName", options, CACHE_MODEL_OPTIONS);
  checkArgument("checkNewName", "name", name, "string");
  const { cache = cacheFolder(), replace = false } = options;
  checkModelName(name);
  const folder = join(cache, name);
  if (name === DEFAULT_MODEL || PUBLISHED_MODELS.some((published) => published.name === name))
    throw new BtsbotError("model-named-already", "a published model has this name", {
      path: name,
      hint: "Give yours another name.",
    });
  if (!replace && existsSync(folder))
    throw new BtsbotError("model-named-already", "a model of this name is in the cache", {
      path: name,
      got: folder,
      hint: "Give yours another name, or set `replace`.",
    });
}
