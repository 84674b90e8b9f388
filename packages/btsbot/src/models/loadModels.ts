import type { Model } from "@btsbot/model";
import { readProfile } from "../inputs/readProfile.js";
import type { Terminal } from "../terminal/createTerminal.js";
import { chooseDefault } from "./defaultModel.js";
import { giveProfiles } from "./giveProfiles.js";
import { modelNames } from "./modelNames.js";
import { openModels } from "./openModels.js";
import { tellUnavailable } from "./tellUnavailable.js";

/**
 * Loads the models that are named, by name or by path; the default one if none is.
 *
 * @param given - the names
 * @param terminal - where to tell what cannot be had
 * @param files - files of feature profiles of the user's own, which the models name
 * @returns the models; nothing where one cannot be had, which is told on standard error
 *
 * @internal
 */
export async function loadModels(
  given: readonly string[],
  terminal: Terminal,
  files: readonly string[] = [],
): Promise<Model[] | undefined> {
  const profiles = await Promise.all([...new Set(files)].map(readProfile));
  const models = await load(await modelNames(given, terminal), terminal);
  return models && giveProfiles(models, profiles);
}

/**
 * Loads the model that is named, by name or by path; the default one if none is.
 *
 * @returns the model; nothing where it cannot be had, which is told on standard error
 *
 * @internal
 */
export async function loadModel(given: string | undefined, terminal: Terminal): Promise<Model | undefined> {
  return (await load([given ?? (await chooseDefault(terminal))], terminal))?.[0];
}

async function load(names: readonly string[], terminal: Terminal): Promise<Model[] | undefined> {
  const store = openModels(terminal);
  const models: Model[] = [];
  try {
    // One after the other, so that of several that are missing the same is named each time.
    for (const name of names) models.push(await store.load(name));
    return models;
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}
