import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import { readLayersModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { checkFileName, isModelName } from "./checkName.js";
import { findPublished } from "./findPublished.js";

/** The file without which a folder holds no model. */
export const MODEL_FILE = "model.json";

/**
 * Reads a model from the cache; its hash and its name are verified.
 *
 * @throws BtsbotError `model-not-pulled`, `model-unknown`, `model-invalid`, and as `readLayersModel`
 *
 * @internal
 */
export async function readPulled(cache: string, name: string): Promise<Model> {
  if (!isModelName(name)) findPublished(name);
  const folder = join(cache, name);
  const model = await readLayersModel(async (file) => {
    try {
      return await readFile(join(folder, checkFileName(file)));
    } catch (cause) {
      if (cause instanceof BtsbotError) throw cause;
      if (file === MODEL_FILE && isAbsent(cause)) throw notPulled(name, cache);
      throw new BtsbotError("model-invalid", "a file of the model in the cache cannot be read", {
        path: join(folder, file),
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        hint: `Run \`btsbot models pull ${name}\` to repair it.`,
        cause,
      });
    }
  });
  // Scores go by the name in the definition, and callers look them up by the one that they asked for.
  if (model.definition.name !== name) {
    throw new BtsbotError("model-invalid", "the model in the cache has another name than its folder", {
      path: join(folder, MODEL_FILE),
      expected: name,
      got: model.definition.name,
      hint: `Give the folder the model's name, or remove it and run \`btsbot models pull ${name}\`.`,
    });
  }
  return model;
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function notPulled(name: string, cache: string): BtsbotError {
  findPublished(name);
  return new BtsbotError("model-not-pulled", "published, but not in the cache", {
    path: name,
    expected: join(cache, name),
    hint: `Run \`btsbot models pull ${name}\`.`,
  });
}
