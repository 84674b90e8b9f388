import { unpackModel } from "./shippedModel.js";
import type { Model } from "./types/model.js";

/** The name of the model that is used where none is named. */
export const DEFAULT_MODEL = "btsbot-mini";

let loading: Promise<Model> | undefined;

/**
 * Gives the model that ships with this package: a small network that answers nearly as BTSbot v1.0.1 does. Who
 * needs that model's own scores pulls it (`btsbot models pull`).
 *
 * Its weights stand in a module of their own, loaded when first asked for: nothing is fetched and no file is read. They
 * were rounded to half precision before they were measured; the model's card is in docs/models.md.
 *
 * @returns the model, the same object each time
 * @throws BtsbotError `weights-checksum` if the module was damaged
 *
 * @example
 * ```ts
 * import { DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
 *
 * const model = await loadDefaultModel();
 * model.definition.name === DEFAULT_MODEL; // => true
 * ```
 */
export async function loadDefaultModel(): Promise<Model> {
  loading ??= import("./mini/btsbotMini.js").then(({ btsbotMini }) => unpackModel(btsbotMini));
  // A failure is not kept: a page may be offline at the first attempt.
  loading.catch(() => (loading = undefined));
  return loading;
}
