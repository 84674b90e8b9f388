import type { Comparer, ComparerOptions } from "./comparisonTypes.js";
import { COMPARER_OPTIONS, createSeatedComparer } from "./createSeatedComparer.js";
import { checkScorerOptions } from "./scorerOptions.js";

/**
 * Makes ready what scores alerts with the same weights under several feature profiles, and says which
 * features differ, how far the score moves, and which decisions flip at 0.5.
 *
 * A profile may say that stamps smaller than 63 x 63 are padded otherwise, as `boom-2025` does; that is the difference
 * `stamps`.
 * An alert whose inputs are the same under a profile is not run again.
 *
 * @param options - the model, the profiles, and how alerts are read and the network is run
 * @returns the comparer; call its `dispose` when done
 * @throws BtsbotError `profile-unknown`; `profile-invalid`; `profile-mismatch` if a profile has other features than the model
 * reads, if it reads none, or gives no single score; and as `createScorer`
 *
 * @example
 * ```ts
 * import { createComparer } from "@btsbot/core";
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("untrained");
 * const comparer = await createComparer({ model: await createModel(definition, initializeWeights(definition, 1)) });
 * const candidate = { jd: 2459010, fid: 1, magpsf: 18.5, sigmapsf: 0.1, isdiffpos: "t", jdstarthist: 2458000 };
 * const [compared] = await comparer.compare([{ objectId: "ZTF20aaaaaaa", candid: 1n, candidate }]);
 * compared.others[1].differences[0]; // => { name: "age", base: 1010, other: 0, alone: null }
 * compared.others[1].outcome; // => "unscored"
 * comparer.dispose();
 * ```
 */
export async function createComparer(options: ComparerOptions): Promise<Comparer> {
  checkScorerOptions("createComparer", options, COMPARER_OPTIONS);
  const { shared: _, ...comparer } = await createSeatedComparer(options);
  return comparer;
}
