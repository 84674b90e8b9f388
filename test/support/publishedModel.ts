import { readFileSync } from "node:fs";
import type { Model } from "@btsbot/model";
import { findPublished, importPublished } from "@btsbot/weights";

/**
 * The authors' own model, read from their files in the data folder.
 *
 * @param folder - the data folder
 * @param name - the model's name in the registry
 */
export async function readPublishedModel(folder: string, name = "btsbot-v1.0.1"): Promise<Model> {
  const published = findPublished(name);
  return importPublished(
    published,
    published.files.map(({ mirrorPath }) => readFileSync(`${folder}/models/${mirrorPath}`)),
  );
}
