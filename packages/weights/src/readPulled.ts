import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BtsbotError } from "@btsbot/errors";
import { readLayersModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { findPublished } from "./findPublished.js";

/** The file without which a folder holds no model. */
export const MODEL_FILE = "model.json";

/** A model's name is a folder's name: no slash, and no dot in front. */
const NAME = /^\w[\w.+-]*$/;

/**
 * Reads a model from the cache; its hash is verified.
 *
 * @throws BtsbotError `model-not-pulled`, `model-unknown`, and as `readLayersModel`
 *
 * @internal
 */
export async function readPulled(cache: string, name: string): Promise<Model> {
  if (!NAME.test(name)) findPublished(name);
  const folder = join(cache, name);
  return readLayersModel(async (file) => {
    try {
      return await readFile(join(folder, file));
    } catch (cause) {
      if (file === MODEL_FILE && isAbsent(cause)) throw notPulled(name, cache);
      throw new BtsbotError("model-invalid", "a file of the model in the cache cannot be read", {
        path: join(folder, file),
        got: (cause as NodeJS.ErrnoException).code ?? String(cause),
        hint: `Run \`btsbot models pull ${name}\` to repair it.`,
        cause,
      });
    }
  });
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
