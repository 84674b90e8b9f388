import { BtsbotError, nameKind, OptionsError } from "@btsbot/errors";
import { getProfile } from "@btsbot/features";
import { checkOutput, DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
import type { Engine, Model, ModelDefinition, ModelStore, PreparedModel, Seat } from "@btsbot/model";
import type { ScorerOptions } from "./types.js";

/**
 * A model that is ready, with the engine that runs it.
 *
 * @internal
 */
export interface ReadyModel {
  readonly model: Model;
  readonly engine: string;
  /** The engines that come before it and cannot run this model here, each with its reason. */
  readonly passedOver: readonly string[];
  readonly prepared: PreparedModel;
}

/** The version of braai by which the training set of BTSbot was made. */
const BRAAI = "braai_d6_m9";

/**
 * What a scorer runs: the models whose results it gives, and the one that scores real/bogus for them.
 *
 * @internal
 */
export interface FoundModels {
  readonly models: readonly Model[];
  /** May be one of `models`, and is then run once. */
  readonly realBogus?: Model;
}

/**
 * Finds the models that are given by name, or the default one, and checks that they can be scored side by side.
 *
 * @throws BtsbotError `model-unnamed`, `model-twice`, `profile-unknown`, `model-invalid`, `output-not-probability`, and what the store throws
 *
 * @internal
 */
export async function findModels({ models, store, realBogus }: ScorerOptions): Promise<FoundModels> {
  const asked = models === "all" ? await listModels(store) : [models ?? (await loadDefaultModel())].flat();
  if (asked.length === 0) {
    const got = models === "all" ? "a store without models" : "none";
    throw new BtsbotError("model-unnamed", "no model is given", { path: "models", expected: "at least one", got });
  }
  const found = await Promise.all(asked.map((model) => findModel(model, store)));
  const names = new Set<string>();
  for (const { definition } of found) {
    if (names.has(definition.name)) {
      throw new BtsbotError("model-twice", "results go by name, and two models have this one", {
        path: "models",
        got: definition.name,
      });
    }
    names.add(definition.name);
    checkProfiles(definition);
    checkOutput(definition);
  }
  if (realBogus === undefined || realBogus === "packet" || typeof realBogus === "function") return { models: found };
  const judge = await findModel(realBogus === "braai" ? BRAAI : realBogus, store, "realBogus");
  checkRealBogus(judge);
  checkOutput(judge.definition);
  const same = found.find(({ definition }) => definition.name === judge.definition.name);
  if (same !== undefined && (same.sha256 !== judge.sha256 || same.definitionSha256 !== judge.definitionSha256)) {
    throw new BtsbotError("model-twice", "two models with other weights or networks have this name", {
      path: "realBogus",
      got: judge.definition.name,
    });
  }
  return { models: found, realBogus: same ?? judge };
}

/** What gives real/bogus must not ask for it, and must give one score. */
function checkRealBogus({ definition: { name, inputs, output } }: Model): void {
  if (output.kind === "score" && inputs.every(({ kind }) => kind === "image")) return;
  throw new BtsbotError("model-invalid", "this model cannot give the real/bogus score of others", {
    path: "realBogus",
    expected: "a model that reads images only and gives one score, such as braai_d6_m9",
    got: name,
  });
}

async function listModels(store: ModelStore | undefined): Promise<readonly string[]> {
  if (store?.names !== undefined) return store.names();
  throw new BtsbotError("model-unnamed", "all models are asked for, and no store lists them", {
    path: "store",
    hint: "In Node, pass `store: openCache()` of @btsbot/weights.",
  });
}

/**
 * A network that reads more features than its profile has would get zeros for the others.
 *
 * @internal
 */
export function checkProfiles({ name, inputs }: ModelDefinition): void {
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
 * @throws TypeError with the option's name for what is neither a model nor a name
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
  throw new BtsbotError("model-unnamed", "a model's name is given, and no store to find it in", {
    path: option,
    got: model,
    hint: "In Node, pass `store: openCache()` of @btsbot/weights; anywhere, pass the model itself (readLayersModel of @btsbot/model).",
  });
}

/**
 * The engine that runs a model, and those before it that cannot.
 *
 * @internal
 */
export interface EngineChoice {
  readonly engine: Engine;
  readonly passedOver: readonly string[];
}

/**
 * The first engine that can run a model.
 *
 * @throws BtsbotError `engine-unavailable` with what each engine says
 *
 * @internal
 */
export async function chooseEngine({ definition }: Model, engines: Engine | readonly Engine[]): Promise<EngineChoice> {
  const refusals: string[] = [];
  for (const engine of [engines].flat()) {
    const answer = await engine.canRun(definition);
    if (answer === true) return { engine, passedOver: refusals };
    refusals.push(`${engine.name}: ${answer}`);
  }
  throw new BtsbotError("engine-unavailable", "no engine that is given or installed can run this model here", {
    path: definition.name,
    got: refusals.join("; ") || "no engine",
  });
}

/**
 * Prepares a model on the first engine that can run it.
 *
 * @internal
 */
export async function prepareModel(
  model: Model,
  engines: Engine | readonly Engine[],
  seat?: Seat,
): Promise<ReadyModel> {
  return prepareChosen(model, await chooseEngine(model, engines), seat);
}

/**
 * Prepares a model on the engine that was chosen for it.
 *
 * @internal
 */
export async function prepareChosen(
  model: Model,
  { engine, passedOver }: EngineChoice,
  seat?: Seat,
): Promise<ReadyModel> {
  return { model, engine: engine.name, passedOver, prepared: await engine.prepare(model, seat) };
}

/**
 * Prepares models; if one cannot be, what the others hold is freed.
 *
 * @internal
 */
export async function prepareModels(
  models: readonly Model[],
  engines: Engine | readonly Engine[],
  seat?: Seat,
): Promise<ReadyModel[]> {
  const outcomes = await Promise.allSettled(models.map((model) => prepareModel(model, engines, seat)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  const ready = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  if (failed === undefined) return ready;
  for (const { prepared } of ready) prepared.dispose();
  throw failed.reason;
}
