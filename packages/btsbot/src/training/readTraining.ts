import { dirname } from "node:path";
import type { FeatureProfile } from "@btsbot/features";
import { writeProfile } from "@btsbot/model";
import { readConfigFile } from "../inputs/readConfigFile.js";
import { readProfile } from "../inputs/readProfile.js";
import type { TrainingOptions } from "./types.js";

/** What `parseTrainConfig` and `parseSearchConfig` of `@btsbot/train` take. */
type TrainingFile = [json: unknown, folder: string, profiles: readonly FeatureProfile[]];

/**
 * The configuration of a training or of a search, with the profile of `--profile`.
 *
 * @param path - the configuration's file
 * @throws BtsbotError as `readConfigFile` and `readProfile`
 *
 * @internal
 */
export async function readTraining(path: string, { profile }: TrainingOptions): Promise<TrainingFile> {
  const json = await readConfigFile(path);
  if (profile === undefined) return [json, dirname(path), []];
  const own = await readProfile(profile);
  return [withProfile(json, own), dirname(path), [own]];
}

/** The configuration, whose network reads the profile unless it names another. */
function withProfile(json: unknown, profile: FeatureProfile): unknown {
  const model = (json as { readonly model?: unknown } | null)?.model;
  if (typeof model !== "object" || model === null || "definition" in model) return json;
  return { ...(json as object), model: { profile: writeProfile(profile), ...model } };
}
