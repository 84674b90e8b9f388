import { readFileSync } from "node:fs";
import type { Model } from "@btsbot/model";
import { findPublished, importSavedModel, unpackArchive } from "@btsbot/weights";

/**
 * The authors' own model, read from their archive in the data folder.
 *
 * @param folder - the data folder
 * @param name - the model's name in the registry
 */
export async function readPublishedModel(folder: string, name = "btsbot-v1.0.1"): Promise<Model> {
  const { mirrorPath, version, profile } = findPublished(name);
  const files = unpackArchive(readFileSync(`${folder}/models/${mirrorPath}`));
  return importSavedModel(files, { name, version, profile });
}
