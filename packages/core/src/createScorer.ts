import { createSeatedScorer } from "./createSeatedScorer.js";
import { checkScorerOptions, SCORER_OPTIONS } from "./scorerOptions.js";
import type { Scorer, ScorerOptions } from "./types.js";

/**
 * Makes models ready and gives what scores alerts with them.
 *
 * @param options - models, and how they are run; without models, `btsbot-mini`, which ships with this library
 * @returns the scorer; call its `dispose` when done
 * @throws TypeError for an option that there is not, or that cannot be what it is for; BtsbotError `model-unnamed` if there is no model, or a name and no store to find it in;
 * `model-twice` if two have one name; `model-invalid`, `profile-unknown` or `profile-invalid` if a model does not fit its
 * feature profile or an image cannot be made as it asks; `output-not-probability` if it does not end in a sigmoid or a softmax; RangeError for a batch size under 1; `engine-unavailable` or `backend-unavailable` if nothing can run it here; what the store throws
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
  const scorer = await createSeatedScorer(options);
  return {
    scoreAlert: (input) => scorer.scoreAlert(input),
    scoreAlerts: (inputs, scoring) => scorer.scoreAlerts(inputs, scoring),
    dispose: () => scorer.dispose(),
  };
}
