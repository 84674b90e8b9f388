import { BtsbotError } from "@btsbot/errors";
import { PUBLISHED_MODELS } from "./publishedModels.js";
import type { PublishedModel } from "./types.js";
import { UNVERIFIED_MODELS } from "./unverifiedModels.js";

/**
 * Finds a published model by its name.
 *
 * @param name - the model's name
 * @returns its entry in the registry
 * @throws BtsbotError `model-unknown`, with the names that are known
 *
 * @example
 * ```ts
 * import { findPublished } from "@btsbot/weights";
 *
 * findPublished("btsbot-v1.0.1").license; // => "MIT"
 * ```
 */
export function findPublished(name: string): PublishedModel {
  const found = PUBLISHED_MODELS.find((model) => model.name === name);
  if (found === undefined) {
    const unverified = UNVERIFIED_MODELS.find((model) => model.name === name);
    throw new BtsbotError("model-unknown", "no published model has this name", {
      path: name,
      expected: PUBLISHED_MODELS.map((model) => model.name).join(", "),
      ...(unverified && {
        hint: `${unverified.page} has it, and nobody has verified it here: read a file of it with readOnnxModel of @btsbot/onnx.`,
      }),
    });
  }
  return found;
}
