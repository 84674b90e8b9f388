import { parseAlert, readAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { defaultEngine } from "./defaultEngine.js";
import { findModel, prepareModel } from "./prepareModel.js";
import { scoreBatch } from "./scoreBatch.js";
import type { AlertInput, ScoredAlert, ScoreOutcome, ScorerOptions } from "./types.js";

/** Alerts in one run of a network unless the caller says otherwise: more gain nothing on one core, and hold memory. */
const DEFAULT_BATCH_SIZE = 32;

/** Scores alerts with models that are ready. */
export interface Scorer {
  /**
   * Scores one alert.
   *
   * @param input - the bytes of a packet, or an alert
   * @returns what each model says
   * @throws BtsbotError if the bytes are not one alert
   */
  scoreAlert(input: AlertInput): Promise<ScoredAlert>;
  /**
   * Scores alerts in batches, in order. Bytes may hold many alerts. An input that cannot be read gives
   * its error, and the others go on.
   *
   * @param inputs - packets or alerts, at once or as they come
   * @returns one outcome for each alert, or for each input that cannot be read
   */
  scoreAlerts(inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>): AsyncGenerator<ScoreOutcome, void, undefined>;
  /** Frees what the engine holds. The scorer cannot be used after. */
  dispose(): void;
}

/**
 * Makes models ready and gives what scores alerts with them.
 *
 * @param options - models, and how they are run
 * @returns the scorer; call its `dispose` when done
 * @throws BtsbotError `model-unnamed` if there is no model, or a name and no store to find it in;
 * `engine-unavailable` or `backend-unavailable` if nothing can run it here; what the store throws
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
export async function createScorer(options: ScorerOptions): Promise<Scorer> {
  if (options.models.length === 0) {
    throw new BtsbotError("model-unnamed", "no model is given", { path: "models", expected: "at least one" });
  }
  const engine = options.engine ?? (await defaultEngine());
  const found = await Promise.all(options.models.map((model) => findModel(model, options.store)));
  const models = await Promise.all(found.map((model) => prepareModel(model, engine)));
  const batchSize = options.batchSize ?? DEFAULT_BATCH_SIZE;
  const scorer: Scorer = {
    scoreAlert: async (input) => (await scoreBatch(models, [toAlert(input)], options))[0],
    scoreAlerts: async function* (inputs) {
      const waiting: Waiting[] = [];
      let alerts = 0;
      for await (const outcome of readInputs(inputs)) {
        waiting.push(outcome);
        if ("alert" in outcome) alerts += 1;
        if (alerts < batchSize) continue;
        yield* await flush(waiting.splice(0));
        alerts = 0;
      }
      yield* await flush(waiting);
    },
    dispose: () => {
      for (const { prepared } of models) prepared.dispose();
    },
  };

  /** Scores what waits and gives all of it in order. */
  async function flush(waiting: readonly Waiting[]): Promise<ScoreOutcome[]> {
    const alerts = waiting.flatMap((outcome) => ("alert" in outcome ? [outcome.alert] : []));
    const scored = (await scoreBatch(models, alerts, options)).values();
    return waiting.map(({ input, index, ...rest }) =>
      "alert" in rest
        ? { input, index, success: true, data: scored.next().value!, alert: rest.alert }
        : { input, index, success: false, error: rest.error },
    );
  }

  return scorer;
}

/** An alert that waits for its batch, or an input that cannot be read. */
type Waiting = { readonly input: number; readonly index: number } & (
  | { readonly alert: Alert }
  | { readonly error: BtsbotError }
);

async function* readInputs(inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>): AsyncGenerator<Waiting> {
  let input = 0;
  for await (const item of inputs) {
    if (!(item instanceof Uint8Array)) {
      yield { input, index: 0, alert: item };
    } else {
      let index = 0;
      for (const result of readAlerts(item)) {
        yield result.success ? { input, index, alert: result.data } : { input, index, error: result.error };
        index += 1;
      }
    }
    input += 1;
  }
}

function toAlert(input: AlertInput): Alert {
  return input instanceof Uint8Array ? parseAlert(input) : input;
}
