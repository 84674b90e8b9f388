import { BtsbotError } from "@btsbot/errors";
import { checkOutput, loadDefaultModel } from "@btsbot/model";
import type { Model, ModelStore } from "@btsbot/model";
import { findInputs, findSurvey } from "./findInputs.js";
import type { FoundInput } from "./findInputs.js";
import { findModel } from "./findModel.js";
import type { ScorerOptions } from "./types.js";

/**
 * A model, and by what its inputs are made, in the definition's order.
 *
 * @internal
 */
export interface FoundModel {
  readonly model: Model;
  readonly inputs: readonly FoundInput[];
  /** The survey whose alerts it reads; undefined for ZTF. */
  readonly survey: string | undefined;
}

/** The version of braai by which the training set of BTSbot was made. */
const BRAAI = "braai_d6_m9";

/**
 * What a scorer runs: the models whose results it gives, and the one that scores real/bogus for them.
 *
 * @internal
 */
export interface FoundModels {
  readonly models: readonly FoundModel[];
  /** May be one of `models`, and is then run once. */
  readonly realBogus?: FoundModel;
}

/**
 * Finds the models that are given by name, or the default one, and checks that they can be scored side by side.
 *
 * @throws BtsbotError `model-unnamed`, `model-twice`, `profile-unknown`, `profile-invalid`, `model-invalid`, `output-not-probability`, and what the store throws
 *
 * @internal
 */
export async function findModels({ models, store, realBogus, profiles }: ScorerOptions): Promise<FoundModels> {
  const asked = models === "all" ? await listModels(store) : [models ?? (await loadDefaultModel())].flat();
  if (asked.length === 0) {
    const got = models === "all" ? "a store without models" : "none";
    throw new BtsbotError("model-unnamed", "no model is given", { path: "models", expected: "at least one", got });
  }
  const found = await Promise.all(
    asked.map(async (each) => {
      const model = await findModel(each, store);
      return find(model, profiles);
    }),
  );
  const names = new Set<string>();
  for (const { definition } of found.map(({ model }) => model)) {
    if (names.has(definition.name)) {
      throw new BtsbotError("model-twice", "two models have this name, and results are named by model", {
        path: "models",
        got: definition.name,
      });
    }
    names.add(definition.name);
    checkOutput(definition);
  }
  if (realBogus === undefined || realBogus === "packet" || typeof realBogus === "function") return { models: found };
  const judge = await findModel(realBogus === "braai" ? BRAAI : realBogus, store, "realBogus");
  checkRealBogus(judge);
  checkOutput(judge.definition);
  const same = found.find(({ model: { definition } }) => definition.name === judge.definition.name);
  const [{ sha256, definitionSha256 }, { model: twin }] = [judge, same ?? { model: judge }];
  if (twin.sha256 !== sha256 || twin.definitionSha256 !== definitionSha256) {
    throw new BtsbotError("model-twice", "two different models have this name", {
      path: "realBogus",
      got: judge.definition.name,
    });
  }
  return { models: found, realBogus: same ?? (await find(judge, profiles)) };
}

async function find(model: Model, profiles: ScorerOptions["profiles"]): Promise<FoundModel> {
  const inputs = await findInputs(model.definition, profiles);
  return { model, inputs, survey: findSurvey(model.definition, inputs) };
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
  throw new BtsbotError("model-unnamed", "all models are asked for, but there is no store that lists them", {
    path: "store",
    hint: "In Node, pass `store: openCache()` of @btsbot/weights.",
  });
}
