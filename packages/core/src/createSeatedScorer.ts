import type { Alert } from "@btsbot/alert";
import { checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { Seat } from "@btsbot/model";
import { answerInBatches } from "./answerInBatches.js";
import { checkBatchSize } from "./checkBatchSize.js";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findModels } from "./findModels.js";
import { holdModels } from "./holdModels.js";
import { prepareModels } from "./prepareModel.js";
import { scoreBatch } from "./scoreBatch.js";
import { checkScorerOptions, SCORER_OPTIONS, SCORING_OPTIONS } from "./scorerOptions.js";
import { readInput, takeAlert } from "./takeAlert.js";
import type { ScoredAlert, Scorer, ScorerOptions } from "./types.js";

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
  const { shared, use, dispose } = holdModels(ready, "scorer");
  const score = (alerts: readonly Alert[]): Promise<ScoredAlert[]> =>
    use(() => scoreBatch({ models, realBogus }, alerts, options));

  return {
    scoreAlert: async (input) => (await score([takeAlert(await readInput(input), options.read)]))[0],
    scoreAlerts: async function* (inputs, scoring = {}) {
      checkArgument("scoreAlerts", "inputs", inputs, "iterable");
      checkOptions("scoreAlerts", scoring, SCORING_OPTIONS);
      yield* answerInBatches(inputs, { ...scoring, size: batchSize }, options.read, score);
    },
    shared,
    dispose,
  };
}
