import { BtsbotError, countOf } from "@btsbot/errors";
import { createScorer } from "@btsbot/core";
import type { Scorer } from "@btsbot/core";
import type { FeatureProfile } from "@btsbot/features";
import type { Model } from "@btsbot/model";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { openInputs } from "../../inputs/openInputs.js";
import type { InputOptions } from "../../inputs/readInputOptions.js";
import { scoreInputs } from "../../inputs/scoreInputs.js";
import type { ScoredFile } from "../../inputs/scoreInputs.js";
import { openModels } from "../../models/openModels.js";
import { tellUnavailable } from "../../models/tellUnavailable.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { placeMessage } from "../../terminal/placeMessage.js";
import { createProgress } from "../../terminal/progress.js";
import { DEFAULT_TOLERANCES } from "./goldenTypes.js";
import type { Tolerances } from "./goldenTypes.js";
import type { GoldenOptions } from "./types.js";

/**
 * The models and what scores with them; or, where one cannot be had, what to do about it on standard error, and nothing.
 *
 * @internal
 */
export async function prepareGolden(
  names: readonly string[],
  terminal: Terminal,
  profiles: readonly FeatureProfile[],
): Promise<{ readonly models: readonly Model[]; readonly scorer: Scorer | undefined } | undefined> {
  const store = openModels(terminal);
  try {
    const models = await Promise.all(names.map((name) => store.load(name)));
    return {
      models,
      scorer: models.length === 0 ? undefined : await createScorer({ models, profiles, gunzip: zlibGunzip }),
    };
  } catch (error) {
    return tellUnavailable(error, terminal);
  }
}

/**
 * The tolerances: those of the command line, then the file's, then the defaults.
 *
 * @internal
 */
export function chooseTolerances(
  { featureTolerance, tripletTolerance, scoreTolerance }: GoldenOptions,
  file: Partial<Tolerances> = {},
): Tolerances {
  return {
    feature: featureTolerance ?? file.feature ?? DEFAULT_TOLERANCES.feature,
    triplet: tripletTolerance ?? file.triplet ?? DEFAULT_TOLERANCES.triplet,
    score: scoreTolerance ?? file.score ?? DEFAULT_TOLERANCES.score,
  };
}

/**
 * Gives every alert of the files, scored; what cannot be read is told on standard error and counted.
 *
 * @internal
 */
export async function forEachScored(
  paths: readonly string[],
  options: InputOptions,
  scorer: Scorer | undefined,
  terminal: Terminal,
  take: (scored: ScoredFile) => void,
): Promise<number> {
  const { stdout, stderr } = terminal;
  const { files, tellSkipped } = await openInputs(paths, options, terminal);
  const progress = createProgress(stdout.isTTY ? undefined : stderr, terminal.now);
  let [alerts, errors] = [0, 0];
  try {
    for await (const outcome of scoreInputs(scorer ?? NO_MODELS, files, {
      onFile: () => undefined,
    })) {
      if (outcome.success) take(outcome);
      else {
        errors += 1;
        complain(stderr, placeMessage(outcome, outcome.error));
      }
      alerts += 1;
      progress.show(countOf(alerts, "alert"));
    }
  } finally {
    progress.clear();
    scorer?.dispose();
  }
  tellSkipped();
  return errors;
}

/** A golden file without scores is compared without a model. */
const NO_MODELS: Pick<Scorer, "scoreAlerts"> = {
  async *scoreAlerts(inputs) {
    let input = 0;
    for await (const alert of inputs) {
      if (!("candidate" in alert)) {
        // What stands for an alert that could not be read.
        const error = new BtsbotError("input-empty", "there is nothing to score");
        yield { input, index: 0, success: false, error };
        input += 1;
        continue;
      }
      const { objectId, candid, candidate } = alert;
      yield { input, index: 0, success: true, data: { objectId, candid, jd: candidate.jd, scores: {} }, alert };
      input += 1;
    }
  },
};
