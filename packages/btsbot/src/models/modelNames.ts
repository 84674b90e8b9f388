import { cacheFolder, listPulled, PUBLISHED_MODELS } from "@btsbot/weights";
import { complain } from "../terminal/complain.js";
import type { Terminal } from "../terminal/createTerminal.js";
import { chooseDefault } from "./defaultModel.js";

/**
 * The models' names, each once; the default one if none is given. `all` stands for the published ones that are in the cache; what is not there
 * is told on standard error.
 *
 * @internal
 */
export async function modelNames(given: readonly string[], terminal: Terminal): Promise<string[]> {
  const { env, stderr } = terminal;
  if (given.length === 0) return [await chooseDefault(terminal)];
  if (!given.includes("all")) return [...new Set(given)];
  const pulled = new Set((await listPulled({ cache: cacheFolder(env) })).map(({ name }) => name));
  const published = PUBLISHED_MODELS.map(({ name }) => name);
  const absent = published.filter((name) => !pulled.has(name));
  if (absent.length > 0 && absent.length < published.length) {
    complain(stderr, `not pulled, and left out of all: ${absent.join(", ")}`);
  }
  // With nothing pulled, the first one's absence is what is told.
  const all = absent.length === published.length ? published.slice(0, 1) : published.filter((name) => pulled.has(name));
  return [...new Set(given.flatMap((name) => (name === "all" ? all : [name])))];
}
