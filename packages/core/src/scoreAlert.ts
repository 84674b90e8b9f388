import { createScorer } from "./createScorer.js";
import type { Scorer } from "./createScorer.js";
import type { AlertInput, ScoredAlert, ScorerOptions } from "./types.js";

/** One scorer for each options object, so that a second alert does not prepare the models again. */
const scorers = new WeakMap<ScorerOptions, Promise<Scorer>>();

/**
 * Scores one alert: from the bytes of a packet to what each model says, with reasons and provenance.
 *
 * The models are prepared at the first call and kept for as long as the same options object is passed:
 * make it once, outside the loop. `createScorer` is the same with its lifetime in your hands.
 *
 * @param input - the bytes of a packet (Avro or JSON) that holds one alert, or an alert
 * @param options - models, and how they are run
 * @returns what each model says; an alert that a model cannot score has its reasons there
 * @throws BtsbotError if the bytes are not one alert, or as `createScorer`
 *
 * @example
 * ```ts
 * import { scoreAlert } from "@btsbot/core";
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("untrained");
 * const options = { models: [await createModel(definition, initializeWeights(definition, 1))] };
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1 } };
 * const { scores } = await scoreAlert(alert, options);
 * scores.untrained.status; // => "unscored"
 * ```
 */
export async function scoreAlert(input: AlertInput, options: ScorerOptions): Promise<ScoredAlert> {
  let scorer = scorers.get(options);
  if (scorer === undefined) {
    scorer = createScorer(options);
    scorers.set(options, scorer);
    // A failure is not kept: the same options may work once the model is pulled.
    scorer.catch(() => scorers.delete(options));
  }
  return (await scorer).scoreAlert(input);
}
