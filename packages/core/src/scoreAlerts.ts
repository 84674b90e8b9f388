import { checkArgument } from "@btsbot/errors";
import { checkMaxWait } from "./checkMaxWait.js";
import { createScorer } from "./createScorer.js";
import { checkScorerOptions, SCORER_OPTIONS, SCORING_OPTIONS } from "./scorerOptions.js";
import type { AlertInput, ScoreOutcome, ScorerOptions, ScoringOptions } from "./types.js";

/**
 * Scores alerts in batches, in order, and frees the models at the end. A program that goes on scoring
 * keeps a scorer instead (`createScorer`).
 *
 * @param inputs - packets (bytes may hold many alerts) or alerts, at once or as they come
 * @param options - models, how they are run, how long an alert waits for others, and what ends it; without models, `btsbot-mini`, which ships with this library
 * @returns one outcome for each alert, or for each input that cannot be read; the others go on
 * @throws BtsbotError as `createScorer`; RangeError for a wait that is not a number of 0 or more; the signal's reason where it is aborted
 *
 * @example
 * ```ts
 * import { scoreAlerts } from "@btsbot/core";
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("untrained");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * for await (const outcome of scoreAlerts([new Uint8Array(0)], { models: [model] })) {
 *   outcome.success || outcome.error.code; // => "input-empty"
 * }
 * ```
 */
export function scoreAlerts(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ScorerOptions & ScoringOptions = {},
): AsyncGenerator<ScoreOutcome, void, undefined> {
  checkScorerOptions("scoreAlerts", options, { ...SCORER_OPTIONS, ...SCORING_OPTIONS });
  checkArgument("scoreAlerts", "inputs", inputs, "iterable");
  const { maxWaitMs, signal, ...rest } = options;
  checkMaxWait(maxWaitMs);
  return scoreAll(inputs, rest, { ...(maxWaitMs !== undefined && { maxWaitMs }), ...(signal && { signal }) });
}

async function* scoreAll(
  inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
  options: ScorerOptions,
  scoring: ScoringOptions,
): AsyncGenerator<ScoreOutcome, void, undefined> {
  const scorer = await createScorer(options);
  try {
    yield* scorer.scoreAlerts(inputs, scoring);
  } finally {
    scorer.dispose();
  }
}
