import { readAlerts } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions, toSafe } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { Seat } from "@btsbot/model";
import { checkBatchSize } from "./checkBatchSize.js";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findModels } from "./findModels.js";
import { gatherBatches } from "./gatherBatches.js";
import { prepareModels } from "./prepareModel.js";
import { scoreBatch } from "./scoreBatch.js";
import { checkScorerOptions, SCORER_OPTIONS, SCORING_OPTIONS } from "./scorerOptions.js";
import { checkAlert, readInput, takeAlert } from "./takeAlert.js";
import type { AlertInput, OutcomePlace, ScoredAlert, ScoreOutcome, Scorer, ScorerOptions } from "./types.js";

/** Options of a scorer that is one of several threads'. */
export interface SeatedOptions extends ScorerOptions {
  /** The place of this thread among others that score with the same models; alone by default. */
  readonly seat?: Seat;
}

const SEATED_OPTIONS: OptionNames<SeatedOptions> = {
  ...SCORER_OPTIONS,
  seat: { index: "number!", count: "number!", shared: "object" },
};

/** A scorer that is one of several threads'. */
export interface SeatedScorer extends Scorer {
  /**
   * What scorers of other threads can run the models on, by name of the model: given to them as `shared` of their `seat`. Without what an
   * engine does not share; empty without a seat, and after `dispose`.
   */
  readonly shared: ReadonlyMap<string, unknown>;
}

/**
 * As `createScorer`, for one of several threads that score with the same models: the door of `@btsbot/pool`.
 *
 * @param options - those of `createScorer`, and the thread's seat
 * @returns the scorer, with what the other threads can share
 * @throws as `createScorer`
 *
 * @example
 * ```ts
 * import { createSeatedScorer } from "@btsbot/core/pool";
 *
 * const scorer = await createSeatedScorer({ seat: { index: 0, count: 2 } });
 * [...scorer.shared.keys()]; // => ["btsbot-mini"]
 * scorer.dispose();
 * ```
 */
export async function createSeatedScorer(options: SeatedOptions = {}): Promise<SeatedScorer> {
  checkScorerOptions("createScorer", options, SEATED_OPTIONS);
  const batchSize = checkBatchSize(options.batchSize);
  const found = await findModels(options);
  const all = found.realBogus === undefined ? found.models : [...new Set([...found.models, found.realBogus])];
  const prepared = await prepareModels(
    all.map(({ model }) => model),
    options.engine ?? DEFAULT_ENGINES,
    options.seat,
  );
  const ready = prepared.map((each, place) => ({ ...all[place], ...each }));
  const models = ready.slice(0, found.models.length);
  const realBogus = ready.find((_, place) => all[place] === found.realBogus);
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
    scoreAlerts: async function* (inputs, scoring = {}) {
      checkArgument("scoreAlerts", "inputs", inputs, "iterable");
      checkOptions("scoreAlerts", scoring, SCORING_OPTIONS);
      // Errors count too: they must not wait for good alerts that may never come.
      const batches = gatherBatches(readInputs(inputs, options.read), { ...scoring, size: batchSize });
      for await (const batch of batches) yield* await flush(batch, score);
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
