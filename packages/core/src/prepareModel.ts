import { BtsbotError } from "@btsbot/errors";
import type { Engine, Model, ModelStore, PreparedModel } from "@btsbot/model";

/**
 * A model that is ready, with the engine that runs it.
 *
 * @internal
 */
export interface ReadyModel {
  readonly model: Model;
  readonly engine: string;
  readonly prepared: PreparedModel;
}

/**
 * Finds a model by name, if only its name is given.
 *
 * @internal
 */
export async function findModel(model: Model | string, store: ModelStore | undefined): Promise<Model> {
  if (typeof model !== "string") return model;
  if (store !== undefined) return store.load(model);
  throw new BtsbotError("model-unnamed", "a model's name is given, and no store to find it in", {
    path: "models",
    got: model,
    hint: "In Node, pass `store: openCache()` of @btsbot/weights; anywhere, pass the model itself (readLayersModel of @btsbot/model).",
  });
}

/**
 * Prepares a model on the first engine that can run it.
 *
 * @internal
 */
export async function prepareModel(model: Model, engines: Engine | readonly Engine[]): Promise<ReadyModel> {
  const refusals: string[] = [];
  for (const engine of [engines].flat()) {
    const answer = await engine.canRun(model.definition);
    if (answer === true) return { model, engine: engine.name, prepared: await engine.prepare(model) };
    refusals.push(`${engine.name}: ${answer}`);
  }
  throw new BtsbotError("engine-unavailable", "no engine that is given or installed can run this model here", {
    path: model.definition.name,
    got: refusals.join("; ") || "no engine",
  });
}
