import { BtsbotError, nameKind, OptionsError } from "@btsbot/errors";
import { DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
import type { Model, ModelStore } from "@btsbot/model";

/**
 * Finds a model by name, if only its name is given.
 *
 * @throws OptionsError with the option's name for what is neither a model nor a name
 *
 * @internal
 */
export async function findModel(
  model: Model | string,
  store: ModelStore | undefined,
  option: "model" | "models" | "realBogus" = "models",
): Promise<Model> {
  if (typeof model !== "string") {
    if (typeof (model as Partial<Model> | null)?.definition?.name === "string") return model;
    throw new OptionsError(`expected \`${option}\` to be a model, or the name of one, got ${nameKind(model)}`);
  }
  if (store !== undefined) return store.load(model);
  if (model === DEFAULT_MODEL) return loadDefaultModel();
  throw new BtsbotError("model-unnamed", "a model is named, but there is no store to find it in", {
    path: option,
    got: model,
    hint: "In Node, pass `store: openCache()` of @btsbot/weights; anywhere, pass the model itself (readLayersModel of @btsbot/model).",
  });
}
