import type { ModelStore } from "@btsbot/model";
import { cacheFolder, openCache, readModel } from "@btsbot/weights";
import type { Terminal } from "../terminal/createTerminal.js";

/**
 * Where commands find the model that is named: by a path with a slash the folder or file there, by anything else the
 * cache.
 *
 * @internal
 */
export function openModels({ env }: Pick<Terminal, "env">): Pick<ModelStore, "load"> {
  const cache = openCache({ cache: cacheFolder(env) });
  return { load: (name) => (isModelPath(name) ? readModel(name) : cache.load(name)) };
}

/**
 * Whether a model is named by its path. Names have dots, and no slashes.
 *
 * @internal
 */
export function isModelPath(name: string): boolean {
  return /[/\\]/.test(name) || name === "." || name === "..";
}
