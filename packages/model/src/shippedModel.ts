import { BtsbotError } from "@btsbot/errors";
import { checkWeights } from "./checkWeights.js";
import { hashDefinition } from "./hashDefinition.js";
import { hashWeights } from "./hashWeights.js";
import { unpackWeights } from "./packWeights.js";
import type { ModelDefinition } from "./types/definition.js";
import type { Model, ModelSource } from "./types/model.js";

/**
 * A model as it lies in a module: no fetch and no file is needed to have it.
 *
 * @internal
 */
export interface ShippedModel {
  readonly definition: ModelDefinition;
  /** SHA-256 of the weights as they are when unpacked (see `hashWeights`). */
  readonly sha256: string;
  readonly source: ModelSource;
  /** The bytes of `packWeights` in base64, cut where a module would be too long. */
  readonly weights: readonly string[];
}

/**
 * Makes the model, and checks that it is the one that was shipped.
 *
 * @throws BtsbotError `weights-checksum` if it is not
 *
 * @internal
 */
export async function unpackModel({ definition, sha256, source, weights: parts }: ShippedModel): Promise<Model> {
  const bytes = decodeBase64(parts.join(""));
  const weights = bytes && unpackWeights(definition, bytes);
  const got = weights === undefined ? "weights of another length" : await hashWeights(definition, weights);
  if (weights === undefined || (got !== undefined && got !== sha256)) {
    throw new BtsbotError("weights-checksum", "the model's module is not as it was shipped", {
      path: definition.name,
      expected: sha256,
      got,
      hint: "Install @btsbot/model again.",
    });
  }
  checkWeights(definition, weights);
  const definitionSha256 = (await hashDefinition(definition)) ?? "";
  return { definition, weights, sha256, definitionSha256, source };
}

/** Base64 to bytes, or undefined if it is not base64. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
