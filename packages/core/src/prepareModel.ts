import { BtsbotError } from "@btsbot/errors";
import type { Engine, Model, ModelDefinition, PreparedModel, Seat } from "@btsbot/model";

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
 * The first engine that can run a model. One that fails when it is asked cannot.
 *
 * @param model - the model
 * @param engines - those that may run it
 * @param refusals - what engines before these have said
 * @throws BtsbotError `engine-unavailable` with what each engine says
 *
 * @internal
 */
export async function chooseEngine(
  { definition }: Model,
  engines: Engine | readonly Engine[],
  refusals: readonly string[] = [],
): Promise<EngineChoice> {
  const passedOver = [...refusals];
  for (const engine of [engines].flat()) {
    const answer = await askEngine(engine, definition);
    if (answer === true) return { engine, passedOver };
    passedOver.push(`${engine.name}: ${answer}`);
  }
  throw new BtsbotError("engine-unavailable", "none of the engines given or installed can run this model here", {
    path: definition.name,
    got: passedOver.join("; ") || "no engine",
  });
}

/**
 * Prepares a model on the first engine that can run it. One that fails to prepare it is passed over.
 *
 * @internal
 */
export async function prepareModel(
  model: Model,
  engines: Engine | readonly Engine[],
  seat?: Seat,
): Promise<ReadyModel> {
  let left = [engines].flat();
  let refusals: readonly string[] = [];
  for (;;) {
    const choice: EngineChoice = await chooseEngine(model, left, refusals);
    try {
      return await prepareChosen(model, choice, seat);
    } catch (error) {
      left = left.slice(left.indexOf(choice.engine) + 1);
      // What an engine says in the registry's words is about the model, and is said as it is.
      if (!(error instanceof BtsbotError) || error.code !== "engine-unavailable" || left.length === 0) throw error;
      refusals = [...choice.passedOver, `${choice.engine.name}: ${error.problems[0].got}`];
    }
  }
}

/**
 * Prepares a model on the engine that was chosen for it.
 *
 * @throws BtsbotError what the engine says; `engine-unavailable`, with its name, where it fails otherwise
 *
 * @internal
 */
export async function prepareChosen(
  model: Model,
  { engine, passedOver }: EngineChoice,
  seat?: Seat,
): Promise<ReadyModel> {
  try {
    return { model, engine: engine.name, passedOver, prepared: await engine.prepare(model, seat) };
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    throw new BtsbotError("engine-unavailable", `the engine ${engine.name} failed to prepare the model`, {
      path: model.definition.name,
      got: messageOf(cause),
      cause,
    });
  }
}

async function askEngine(engine: Engine, definition: ModelDefinition): Promise<true | string> {
  try {
    return await engine.canRun(definition);
  } catch (error) {
    return `its canRun failed: ${messageOf(error)}`;
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
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
