import type { Engine, Model } from "@btsbot/model";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findModels } from "./findModels.js";
import type { FoundModel } from "./findModels.js";
import { chooseEngine, prepareChosen } from "./prepareModel.js";
import type { ReadyModel } from "./prepareModel.js";
import { scoreBatch } from "./scoreBatch.js";
import type { ScoringModel } from "./scoreBatch.js";
import { checkScorerOptions, SCORER_OPTIONS } from "./scorerOptions.js";
import { readInput, takeAlert } from "./takeAlert.js";
import type { AlertInput, ScoredAlert, ScorerOptions } from "./types.js";

/** Models that are ready, by engine: a second alert, or another options object, does not prepare them again. */
const ready = new WeakMap<Engine, WeakMap<Model, Promise<ReadyModel>>>();

/**
 * Scores one alert: from the bytes of a packet to what each model says, with reasons and provenance.
 *
 * A model is prepared when it is first seen and kept, on each engine, for the life of the program: load
 * it, and make an engine of your own, once, outside the loop. `createScorer` is the same with the models'
 * lifetime in your hands, and batches.
 *
 * @param input - the bytes of a packet (Avro or JSON) that holds one alert, in whatever holds them, or an alert
 * @param options - models, and how they are run; without models, `btsbot-mini`, which ships with this library
 * @returns what each model says; an alert that a model cannot score has its reasons there
 * @throws BtsbotError if the bytes are not one alert, or as `createScorer`
 *
 * @example
 * ```ts
 * import { scoreAlert } from "@btsbot/core";
 * import { simulateSurvey } from "@btsbot/simulate";
 *
 * const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });
 * const { scores } = await scoreAlert(alert);
 * scores["btsbot-mini"].status; // => "scored"
 * ```
 */
export async function scoreAlert(input: AlertInput, options: ScorerOptions = {}): Promise<ScoredAlert> {
  checkScorerOptions("scoreAlert", options, SCORER_OPTIONS);
  const engines = options.engine ?? DEFAULT_ENGINES;
  const found = await findModels(options);
  const prepare = async (each: FoundModel): Promise<ScoringModel> => ({
    ...each,
    ...(await keepReady(each.model, engines)),
  });
  const models = await Promise.all(found.models.map(prepare));
  const place = found.models.findIndex((each) => each === found.realBogus);
  const realBogus = found.realBogus && (models[place] ?? (await prepare(found.realBogus)));
  return (await scoreBatch({ models, realBogus }, [takeAlert(await readInput(input), options.read)], options))[0];
}

async function keepReady(model: Model, engines: Engine | readonly Engine[]): Promise<ReadyModel> {
  const choice = await chooseEngine(model, engines);
  const { engine } = choice;
  const models = ready.get(engine) ?? new WeakMap<Model, Promise<ReadyModel>>();
  ready.set(engine, models);
  let prepared = models.get(model);
  if (prepared === undefined) {
    prepared = prepareChosen(model, choice);
    models.set(model, prepared);
    // A failure is not kept: what was missing may be there the next time.
    prepared.catch(() => models.delete(model));
  }
  return prepared;
}
