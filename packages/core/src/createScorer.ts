import { readAlerts } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, checkArgument, toSafe } from "@btsbot/errors";
import { checkBatchSize } from "./checkBatchSize.js";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findModels, prepareModels } from "./prepareModel.js";
import { scoreBatch } from "./scoreBatch.js";
import { checkScorerOptions, SCORER_OPTIONS } from "./scorerOptions.js";
import { checkAlert, readInput, takeAlert } from "./takeAlert.js";
import type { AlertInput, OutcomePlace, ScoredAlert, ScoreOutcome, ScorerOptions } from "./types.js";

/** Scores alerts with models that are ready. */
export interface Scorer {
  /**
   * Scores one alert.
   *
   * @param input - the bytes of a packet, in whatever holds them, or an alert
   * @returns what each model says
   * @throws BtsbotError if the bytes are not one alert; `scorer-disposed` after `dispose`
   */
  scoreAlert(input: AlertInput): Promise<ScoredAlert>;
  /**
   * Scores alerts in batches, in order. Bytes may hold many alerts. An input that cannot be read gives
   * its error, and the others go on.
   *
   * @param inputs - packets or alerts, at once or as they come; each item is a whole packet or file
   * (for the chunks of one file, see `readAlertStream` of `@btsbot/alert`)
   * @returns one outcome for each alert, or for each input that cannot be read
   */
  scoreAlerts(inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>): AsyncGenerator<ScoreOutcome, void, undefined>;
  /**
   * What scorers of other threads can run the models on, by name of the model: given to them as `shared` of their `seat`. Without what an
   * engine does not share; empty without a seat, and after `dispose`.
   */
  readonly shared: ReadonlyMap<string, unknown>;
  /** Frees what the engine holds, once what is being scored is done. The scorer cannot be used after. */
  dispose(): void;
}

/**
 * Makes models ready and gives what scores alerts with them.
 *
 * @param options - models, and how they are run; without models, `btsbot-mini`, which ships with this library
 * @returns the scorer; call its `dispose` when done
 * @throws TypeError for an option that there is not, or that cannot be what it is for; BtsbotError `model-unnamed` if there is no model, or a name and no store to find it in;
 * `model-twice` if two have one name; `model-invalid` or `profile-unknown` if a model does not fit its
 * feature profile; `output-not-probability` if it does not end in a sigmoid or a softmax; RangeError for a batch size under 1; `engine-unavailable` or `backend-unavailable` if nothing can run it here; what the store throws
 *
 * @example
 * ```ts
 * import { createScorer } from "@btsbot/core";
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("untrained");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const scorer = await createScorer({ models: [model] });
 * for await (const outcome of scorer.scoreAlerts([new Uint8Array(0)])) {
 *   outcome.success; // => false
 * }
 * scorer.dispose();
 * ```
 */
export async function createScorer(options: ScorerOptions = {}): Promise<Scorer> {
  checkScorerOptions("createScorer", options, SCORER_OPTIONS);
  const batchSize = checkBatchSize(options.batchSize);
  const found = await findModels(options);
  const all = found.realBogus === undefined ? found.models : [...new Set([...found.models, found.realBogus])];
  const ready = await prepareModels(all, options.engine ?? DEFAULT_ENGINES, options.seat);
  const models = ready.slice(0, found.models.length);
  const realBogus = ready.find(({ model }) => model === found.realBogus);
  let running = 0;
  let disposed = false;

  const shared = new Map(
    ready.flatMap(({ model, prepared }) =>
      prepared.shared === undefined ? [] : [[model.definition.name, prepared.shared]],
    ),
  );

  function free(): void {
    shared.clear();
    for (const { prepared } of ready) prepared.dispose();
  }

  async function score(alerts: readonly Alert[]): Promise<ScoredAlert[]> {
    if (disposed) throw new BtsbotError("scorer-disposed", "the scorer was disposed of before this call");
    running += 1;
    try {
      return await scoreBatch({ models, realBogus }, alerts, options);
    } finally {
      running -= 1;
      if (disposed && running === 0) free();
    }
  }

  return {
    scoreAlert: async (input) => (await score([takeAlert(await readInput(input), options.read)]))[0],
    scoreAlerts: async function* (inputs) {
      checkArgument("scoreAlerts", "inputs", inputs, "iterable");
      const waiting: Waiting[] = [];
      for await (const outcome of readInputs(inputs, options.read)) {
        waiting.push(outcome);
        // Errors count too: they must not wait for good alerts that may never come.
        if (waiting.length >= batchSize) yield* await flush(waiting.splice(0), score);
      }
      yield* await flush(waiting, score);
    },
    shared,
    dispose: () => {
      if (disposed) return;
      disposed = true;
      if (running === 0) free();
    },
  };
}

/** An alert that waits for its batch, or an input that cannot be read. */
type Waiting = OutcomePlace & ({ readonly alert: Alert } | { readonly error: BtsbotError });

/** Scores what waits and gives all of it in order. */
async function flush(
  waiting: readonly Waiting[],
  score: (alerts: readonly Alert[]) => Promise<ScoredAlert[]>,
): Promise<ScoreOutcome[]> {
  const alerts = waiting.flatMap((outcome) => ("alert" in outcome ? [outcome.alert] : []));
  const scored = (await score(alerts)).values();
  return waiting.map(({ input, index, ...rest }) =>
    "alert" in rest
      ? { input, index, success: true, data: scored.next().value!, alert: rest.alert }
      : { input, index, success: false, error: rest.error },
  );
}

async function* readInputs(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ReadOptions | undefined,
): AsyncGenerator<Waiting> {
  let input = 0;
  for await (const item of inputs) {
    const given = await readInput(item).catch(toKnown);
    if (given instanceof BtsbotError) yield { input, index: 0, error: given };
    else if (given instanceof Uint8Array) {
      let index = 0;
      for (const result of readAlerts(given, options)) {
        yield result.success ? { input, index, alert: result.data } : { input, index, error: result.error };
        index += 1;
      }
    } else {
      const checked = toSafe(() => checkAlert(given));
      yield checked.success ? { input, index: 0, alert: checked.data } : { input, index: 0, error: checked.error };
    }
    input += 1;
  }
}

/** An error of an input is the input's; anything else is a bug. */
function toKnown(error: unknown): BtsbotError {
  if (error instanceof BtsbotError) return error;
  throw error;
}
