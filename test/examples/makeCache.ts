import { join } from "node:path";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import { exportModel, pullModel } from "@btsbot/weights";
import { dataFolder } from "../support/testData.js";

/** Name of the model of random weights. */
export const UNTRAINED = "untrained";
/** Name of the published model that is there too if the data folder is. */
export const PUBLISHED = "btsbot-v1.0.1";

/**
 * Fills a cache as `btsbot models pull` leaves it: with BTSbot's network on random weights, and the
 * published model where the data folder has it.
 *
 * @param cache - the folder
 * @returns the names of its models, sorted
 */
export async function makeCache(cache: string): Promise<string[]> {
  const definition = mmCnn(UNTRAINED, "0");
  await exportModel(await createModel(definition, initializeWeights(definition, 1)), join(cache, UNTRAINED), {
    formats: ["tfjs"],
  });
  if (dataFolder === undefined) return [UNTRAINED];
  await pullModel(PUBLISHED, { cache, from: join(dataFolder, "models") });
  return [PUBLISHED, UNTRAINED];
}
