import type { Alert } from "@btsbot/alert";
import { BtsbotError, countOf } from "@btsbot/errors";
import type { OptionNames, Reason } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { checkOutput } from "@btsbot/model";
import type { GivenProfile, Model, ModelDefinition } from "@btsbot/model";
import { makeVariants } from "./compareInputs.js";
import type { Variant } from "./compareInputs.js";
import { findDifferences, judge, takeOver } from "./findDifferences.js";
import type { ComparedAlert, ComparerOptions, FeatureDifference, ProfileComparison } from "./comparisonTypes.js";
import { createRuns } from "./compareRuns.js";
import type { Pending, Runs } from "./compareRuns.js";
import { askHistory } from "./askHistory.js";
import { checkBatchSize } from "./checkBatchSize.js";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findInputs, findProfile } from "./findInputs.js";
import { findModel } from "./findModel.js";
import { prepareModel } from "./prepareModel.js";
import { checkScorerOptions, SCORER_OPTIONS } from "./scorerOptions.js";

/** The profiles that are compared unless the caller says otherwise: what brokers fed to BTSbot v1.0.1. */
export const DEFAULT_COMPARED: readonly string[] = ["kowalski", "boom-2025", "boom-2026"];
/** A score that moves by less is not traced back to single differences. */
export const EXPLAINED_SHIFT = 0.01;

const { models: _models, profiles: _profiles, ...WITHOUT_MODELS } = SCORER_OPTIONS;
/** The names of {@link ComparerOptions}. */
const COMPARER_OPTIONS: OptionNames<ComparerOptions> = {
  ...WITHOUT_MODELS,
  realBogus: "function",
  model: "object|string!",
  profiles: "list|object|string",
};

/** Compares what one model says of alerts under several feature profiles. */
export interface Comparer {
  /** The model. */
  readonly model: Model;
  /** The name of the model's own profile: the base of the comparison. */
  readonly base: string;
  /** The names of the profiles that are compared with it. */
  readonly profiles: readonly string[];
  /** The profiles themselves, in the same order. */
  readonly compared: readonly FeatureProfile[];
  /**
   * Compares alerts, in batches.
   *
   * @param alerts - the alerts
   * @returns one comparison for each, in order
   */
  compare(alerts: readonly Alert[]): Promise<ComparedAlert[]>;
  /** Frees what the engine holds. The comparer cannot be used after. */
  dispose(): void;
}

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
  const profiles = [options.profiles ?? DEFAULT_COMPARED].flat() as readonly GivenProfile[];
  const batchSize = checkBatchSize(options.batchSize);
  const model = await findModel(options.model, options.store, "model");
  const own = profiles.filter(isObject);
  await findInputs(model.definition, own);
  const base = findBase(model.definition, own);
  checkOutput(model.definition);
  const compared = profiles
    .filter((profile) => !isObject(profile) || toProfile(profile) !== base)
    .map((profile) => toProfile(profile, own));
  for (const profile of compared) checkProfile(model.definition, base, profile);
  const ready = await prepareModel(model, options.engine ?? DEFAULT_ENGINES);
  const asked = [base, ...compared];
  let running = 0;
  let disposed = false;

  /** One batch of alerts: all variants first, then single differences of those that moved. */
  async function compareBatch(alerts: readonly Alert[]): Promise<ComparedAlert[]> {
    const stored = await askHistory(alerts, options.history);
    const inputs = alerts.map((alert, index) => makeVariants(model.definition, asked, alert, stored[index], options));
    const run = createRuns(ready, batchSize);
    const first = inputs.map(([own, ...others]) => {
      const score = run.add(own);
      return { own, score, others: others.map((other) => planOther(own, other, score, run)) };
    });
    await run.flush();
    const traced = first.map(({ own, score, others }) =>
      others.map((other) => ({ ...other, alone: trace(own, score, other, run) })),
    );
    await run.flush();
    return alerts.map(({ objectId, candid, candidate }, index) => {
      const { own, score } = first[index];
      return {
        objectId,
        candid,
        jd: candidate.jd,
        base: { profile: base.name, score: score.value, reasons: reasonsOf(own, score) },
        others: traced[index].map((other) => describe(score, other)),
      };
    });
  }

  return {
    model,
    base: base.name,
    profiles: compared.map(({ name }) => name),
    compared,
    compare: async (alerts) => {
      if (disposed) throw new BtsbotError("scorer-disposed", "the comparer was disposed of before this call");
      running += 1;
      try {
        const compared: ComparedAlert[] = [];
        for (let start = 0; start < alerts.length; start += batchSize) {
          compared.push(...(await compareBatch(alerts.slice(start, start + batchSize))));
        }
        return compared;
      } finally {
        running -= 1;
        if (disposed && running === 0) ready.prepared.dispose();
      }
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      if (running === 0) ready.prepared.dispose();
    },
  };
}

interface Planned {
  readonly variant: Variant;
  readonly score: Pending;
  readonly differences: readonly FeatureDifference[];
}

function planOther(own: Variant, variant: Variant, ownScore: Pending, run: Runs): Planned {
  const differences = findDifferences(own, variant);
  const sameInputs = differences.length === 0 && variant.reasons.length === own.reasons.length;
  return { variant, differences, score: sameInputs ? ownScore : run.add(variant) };
}

/** The scores with single differences, where both scores are there and far enough apart. */
function trace(
  own: Variant,
  { value }: Pending,
  { variant, score, differences }: Planned,
  run: Runs,
): readonly Pending[] | undefined {
  if (value === null || score.value === null || Math.abs(score.value - value) < EXPLAINED_SHIFT) return undefined;
  return differences.map(({ name }) => (differences.length === 1 ? score : run.add(takeOver(own, variant, name))));
}

function describe(
  own: Pending,
  other: Planned & { readonly alone: readonly Pending[] | undefined },
): ProfileComparison {
  const { variant, score, differences, alone } = other;
  return {
    profile: variant.profile,
    score: score.value,
    reasons: reasonsOf(variant, score),
    outcome: judge(own.value, score.value),
    shift: own.value === null || score.value === null ? null : score.value - own.value,
    differences: differences.map((difference, place) => ({ ...difference, alone: alone?.[place].value ?? null })),
  };
}

function reasonsOf({ reasons }: Variant, { reason }: Pending): readonly Reason[] {
  return reason === undefined ? reasons : [reason];
}

function findBase(definition: ModelDefinition, profiles: readonly (FeatureProfile | ProfileData)[]): FeatureProfile {
  const { name, inputs, output } = definition;
  const features = inputs.find((input) => input.kind === "features");
  if (features === undefined) {
    throw new BtsbotError("profile-mismatch", "the model reads no features, so profiles make no difference", {
      path: name,
    });
  }
  if (output.kind === "score") return findProfile(definition, features, profiles);
  throw new BtsbotError("profile-mismatch", "profiles are compared by one score", {
    path: name,
    expected: "a score",
    got: "classes",
  });
}

function isObject(profile: GivenProfile): profile is FeatureProfile | ProfileData {
  return typeof profile !== "string";
}

function checkProfile({ name }: ModelDefinition, base: FeatureProfile, profile: FeatureProfile): void {
  const [wanted, given] = [base, profile].map(({ features }) => features.map((feature) => feature.name));
  const place = wanted.findIndex((feature, index) => feature !== given[index]);
  if (place === -1 && wanted.length === given.length) return;
  throw new BtsbotError(
    "profile-mismatch",
    `${profile.name} cannot take the place of ${base.name}, which ${name} reads`,
    {
      path: "profiles",
      expected: `${countOf(wanted.length, "feature")}${place === -1 ? "" : `, ${wanted[place]} at ${place}`}`,
      got: `${given.length}${place === -1 || place >= given.length ? "" : `, ${given[place]} at ${place}`}`,
    },
  );
}
