import type { Alert } from "@btsbot/alert";
import { BtsbotError, checkArgument, checkOptions, countOf } from "@btsbot/errors";
import type { OptionNames, Reason } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { checkOutput } from "@btsbot/model";
import type { GivenProfile, ModelDefinition, Seat } from "@btsbot/model";
import { makeVariants } from "./compareInputs.js";
import type { Variant } from "./compareInputs.js";
import { findDifferences, judge, takeOver } from "./findDifferences.js";
import type {
  ComparedAlert,
  Comparer,
  ComparerOptions,
  FeatureDifference,
  ProfileComparison,
} from "./comparisonTypes.js";
import { createRuns } from "./compareRuns.js";
import type { Pending, Runs } from "./compareRuns.js";
import { answerInBatches } from "./answerInBatches.js";
import { askHistory } from "./askHistory.js";
import { checkBatchSize } from "./checkBatchSize.js";
import { DEFAULT_ENGINES } from "./defaultEngines.js";
import { findInputs, findProfile } from "./findInputs.js";
import { findModel } from "./findModel.js";
import { holdModels } from "./holdModels.js";
import { prepareModel } from "./prepareModel.js";
import { checkScorerOptions, SCORER_OPTIONS, SCORING_OPTIONS } from "./scorerOptions.js";

/** The profiles that are compared unless the caller says otherwise: what brokers fed to BTSbot v1.0.1. */
export const DEFAULT_COMPARED: readonly string[] = ["kowalski", "boom-2025", "boom-2026"];
/** A score that moves by less is not traced back to single differences. */
export const EXPLAINED_SHIFT = 0.01;

const { models: _models, profiles: _profiles, ...WITHOUT_MODELS } = SCORER_OPTIONS;
/**
 * The names of {@link ComparerOptions}.
 *
 * @internal
 */
export const COMPARER_OPTIONS: OptionNames<ComparerOptions> = {
  ...WITHOUT_MODELS,
  realBogus: "function",
  model: "object|string!",
  profiles: "list|object|string",
};

const SEATED_OPTIONS: OptionNames<SeatedComparerOptions> = {
  ...COMPARER_OPTIONS,
  seat: { index: "number!", count: "number!", shared: "object" },
};

/** Options of a comparer that is one of several threads'. */
export interface SeatedComparerOptions extends ComparerOptions {
  /** The place of this thread among others that compare with the same model; alone by default. */
  readonly seat?: Seat;
}

/** A comparer that is one of several threads'. */
export interface SeatedComparer extends Comparer {
  /** What comparers of other threads can run the model on, as a `SeatedScorer` has it. */
  readonly shared: ReadonlyMap<string, unknown>;
}

/**
 * As `createComparer`, for one of several threads that compare with the same model: the door of `@btsbot/pool`.
 *
 * @param options - those of `createComparer`, and the thread's seat
 * @returns the comparer, with what the other threads can share
 * @throws as `createComparer`
 *
 * @example
 * ```ts
 * import { createSeatedComparer } from "@btsbot/core/pool";
 * import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
 *
 * const definition = mmCnn("untrained");
 * const model = await createModel(definition, initializeWeights(definition, 1));
 * const comparer = await createSeatedComparer({ model, seat: { index: 0, count: 2 } });
 * [...comparer.shared.keys()]; // => ["untrained"]
 * comparer.dispose();
 * ```
 */
export async function createSeatedComparer(options: SeatedComparerOptions): Promise<SeatedComparer> {
  checkScorerOptions("createComparer", options, SEATED_OPTIONS);
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
  const ready = await prepareModel(model, options.engine ?? DEFAULT_ENGINES, options.seat);
  const { shared, use, dispose } = holdModels([ready], "comparer");
  const asked = [base, ...compared];
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

  const compare = (alerts: readonly Alert[]): Promise<ComparedAlert[]> =>
    use(async () => {
      const answers: ComparedAlert[] = [];
      for (let start = 0; start < alerts.length; start += batchSize)
        answers.push(...(await compareBatch(alerts.slice(start, start + batchSize))));
      return answers;
    });

  return {
    model,
    base: base.name,
    profiles: compared.map(({ name }) => name),
    compared,
    compare,
    compareAlerts: async function* (inputs, scoring = {}) {
      checkArgument("compareAlerts", "inputs", inputs, "iterable");
      checkOptions("compareAlerts", scoring, SCORING_OPTIONS);
      yield* answerInBatches(inputs, { ...scoring, size: batchSize }, options.read, compare);
    },
    shared,
    dispose,
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
      hint: "Compare it with a profile of the same features, in the same order.",
    },
  );
}
