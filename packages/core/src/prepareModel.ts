import { BtsbotError } from "@btsbot/errors";
import { getProfile } from "@btsbot/features";
import type { Engine, Model, ModelDefinition, ModelStore, PreparedModel } from "@btsbot/model";
import type { ScorerOptions } from "./types.js";

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
 * Finds the models that are given by name, and checks that they can be scored side by side.
 *
 * @throws BtsbotError `model-unnamed`, `model-twice`, `profile-unknown`, `model-invalid`, and what the store throws
 *
 * @internal
 */
export async function findModels({ models, store }: Pick<ScorerOptions, "models" | "store">): Promise<Model[]> {
  if (models.length === 0) {
    throw new BtsbotError("model-unnamed", "no model is given", { path: "models", expected: "at least one" });
  }
  const found = await Promise.all(models.map((model) => findModel(model, store)));
  const names = new Set<string>();
  for (const { definition } of found) {
    if (names.has(definition.name)) {
      throw new BtsbotError("model-twice", "results go by name, and two models have this one", { path: "models", got: definition.name });
    }
    names.add(definition.name);
    checkProfiles(definition);
  }
  return found;
}

/** A network that reads more features than its profile has would get zeros for the others. */
function checkProfiles({ name, inputs }: ModelDefinition): void {
  for (const input of inputs) {
    if (input.kind !== "features") continue;
    const { length } = getProfile(input.profile).features;
    if (length !== input.length) {
      throw new BtsbotError("model-invalid", `the input does not have the length of profile ${input.profile}`, {
        path: `${name}.${input.name}`,
        expected: String(length),
        got: String(input.length),
      });
    }
  }
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
 * Prepares models on an engine; if one cannot be, what the others hold is freed.
 *
 * @internal
 */
export async function prepareModels(models: readonly Model[], engine: Engine): Promise<ReadyModel[]> {
  const outcomes = await Promise.allSettled(models.map((model) => prepareModel(model, engine)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  const ready = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  if (failed === undefined) return ready;
  for (const { prepared } of ready) prepared.dispose();
  throw failed.reason;
}

/**
 * Prepares a model on an engine that can run it.
 *
 * @internal
 */
export async function prepareModel(model: Model, engine: Engine): Promise<ReadyModel> {
  const answer = await engine.canRun(model.definition);
  if (answer !== true) {
    throw new BtsbotError("engine-unavailable", `the engine ${engine.name} cannot run this model here`, {
      path: model.definition.name,
      got: answer,
    });
  }
  return { model, engine: engine.name, prepared: await engine.prepare(model) };
}
