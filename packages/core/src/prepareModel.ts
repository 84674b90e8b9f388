import { BtsbotError } from "@btsbot/errors";
import type { Engine, Model, PreparedModel, Seat } from "@btsbot/model";

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
  throw new BtsbotError("engine-unavailable", "none of the engines given or installed can run this model here", {
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
