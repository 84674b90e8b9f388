import { toLightCurve } from "@btsbot/alert";
import type { Alert, LightCurve } from "@btsbot/alert";
import { DEFAULT_PLANES, flagStamps, readStamps, toTriplet } from "@btsbot/cutout";
import type { Gunzip, ImagePreprocessing, Stamp, Stamps, Triplet } from "@btsbot/cutout";
import { BtsbotError, toReason, toSafe } from "@btsbot/errors";
import type { FlagCode, Reason, SafeResult } from "@btsbot/errors";
import { checkDate, extractFeatures, judgeSurvey } from "@btsbot/features";
import type { FeatureContext, FeatureProfile, Features } from "@btsbot/features";
import { ignoredInputs, inputLength, outputLength } from "@btsbot/model";
import { askHistory } from "./askHistory.js";
import type { FoundModel } from "./findModels.js";
import { predictEach } from "./predictEach.js";
import type { ReadyModel } from "./prepareModel.js";
import { readAnswer } from "./readAnswer.js";
import type { ModelResult, Provenance, ScoredAlert, ScorerOptions, StoredHistory, UsedHistory } from "./types.js";
import { VERSION } from "./version.js";

const FROM_PACKET = "drb-from-packet" satisfies FlagCode;
const GIVEN = "drb-given" satisfies FlagCode;
const IGNORED = "input-ignored" satisfies FlagCode;

type BatchOptions = Pick<ScorerOptions, "gunzip" | "history" | "realBogus">;

/**
 * Scores alerts with every model: each stamp is unpacked once, each distinct preprocessing and profile
 * computed once an alert, each network run once.
 *
 * @internal
 */
export async function scoreBatch(
  { models, realBogus }: ReadyModels,
  alerts: readonly Alert[],
  options: BatchOptions,
): Promise<ScoredAlert[]> {
  const stored = await askHistory(alerts, options.history);
  // A loop, as are those that make inputs and results: V8 drops the compiled code of a function made for one call with the next garbage, and compiles it again.
  const inputs: AlertInputs[] = [];
  for (let index = 0; index < alerts.length; index += 1)
    inputs.push(new AlertInputs(alerts[index], stored[index], options));
  const first = realBogus && (await runModel(realBogus, inputs));
  const name = realBogus?.model.definition.name;
  first?.forEach((result, index) => {
    inputs[index].setRealBogus(name!, result);
  });
  const results = await Promise.all(
    models.map(async (model) => (model === realBogus ? first! : runModel(model, inputs, name))),
  );
  return alerts.map(({ objectId, candid, candidate }, index) => ({
    objectId,
    candid,
    jd: candidate.jd,
    scores: Object.fromEntries(models.map(({ model }, place) => [model.definition.name, results[place][index]])),
  }));
}

/**
 * Models that are ready, and the one among or beside them whose score replaces the packet's real/bogus.
 *
 * @internal
 */
export interface ReadyModels {
  readonly models: readonly ScoringModel[];
  readonly realBogus: ScoringModel | undefined;
}

/**
 * A model that is ready, with what makes its inputs.
 *
 * @internal
 */
export interface ScoringModel extends ReadyModel, Pick<FoundModel, "inputs" | "survey"> {}

type Plane = keyof Stamps;

/** One alert's network inputs, each made when a model first asks for it. */
class AlertInputs {
  private context: FeatureContext;
  private noRealBogus: Reason | undefined;
  private readonly gunzip: Gunzip | undefined;
  private readonly features = new Map<FeatureProfile, Features>();
  private readonly triplets = new Map<string, SafeResult<Triplet>>();
  private readonly stamps = new Map<Plane, SafeResult<Stamp>>();
  private readonly stampFlags = new Map<Plane, readonly string[]>();
  /** What of the light curve came from beyond the packet; absent where nothing was asked. */
  readonly history: UsedHistory | undefined;

  constructor(alert: Alert, stored: StoredHistory | undefined, options: BatchOptions) {
    const history = toLightCurve(alert, stored);
    this.history = stored && describeHistory(history);
    const realBogus = typeof options.realBogus === "function" ? options.realBogus(alert) : undefined;
    this.context = realBogus === undefined ? { alert, history } : { alert, history, realBogus };
    this.gunzip = options.gunzip;
  }

  get alert(): Alert {
    return this.context.alert;
  }

  /** Takes a model's answer for the packet's real/bogus; where it has none, the feature has no value, and this is why. */
  setRealBogus(name: string, result: ModelResult): void {
    const realBogus = (result.status === "scored" ? result.score : undefined) ?? NaN;
    this.context = { ...this.context, realBogus };
    if (result.status === "scored") return;
    const message = `${name} gave no real/bogus score: ${result.reasons.map((reason) => reason.message).join("; ")}`;
    this.noRealBogus = { code: "real-bogus-unscored", message, model: name };
  }

  /** Why the features cannot be scored: of the one that a real/bogus score replaces, why there is none. */
  getReasons({ features }: FeatureProfile, { reasons }: Features): readonly Reason[] {
    const why = this.noRealBogus;
    if (why === undefined) return reasons;
    const replaced = features.flatMap(({ name, realBogus }) => (realBogus ? [name] : []));
    return reasons.map((reason) => (replaced.includes(String(reason.feature)) ? why : reason));
  }

  getFeatures(profile: FeatureProfile): Features {
    let features = this.features.get(profile);
    if (features === undefined) {
      features = extractFeatures(profile, this.context);
      this.features.set(profile, features);
    }
    return features;
  }

  /** What is said of the stamps that an image is made of; nothing where one of them cannot be read. */
  getStampFlags({ planes = DEFAULT_PLANES }: ImagePreprocessing): readonly string[] {
    const flags: string[] = [];
    for (const plane of planes) {
      const stamp = this.getStamp(plane);
      if (!stamp.success) return [];
      let own = this.stampFlags.get(plane);
      if (own === undefined) {
        own = flagStamps({ [plane]: stamp.data });
        this.stampFlags.set(plane, own);
      }
      flags.push(...own);
    }
    return flags;
  }

  getTriplet(preprocessing: ImagePreprocessing): SafeResult<Triplet> {
    const key = JSON.stringify(preprocessing);
    let triplet = this.triplets.get(key);
    if (triplet === undefined) {
      triplet = this.makeTriplet(preprocessing);
      this.triplets.set(key, triplet);
    }
    return triplet;
  }

  private makeTriplet(preprocessing: ImagePreprocessing): SafeResult<Triplet> {
    const stamps: Partial<Record<Plane, Stamp>> = {};
    const errors: BtsbotError[] = [];
    for (const plane of preprocessing.planes ?? DEFAULT_PLANES) {
      const stamp = this.getStamp(plane);
      if (stamp.success) stamps[plane] = stamp.data;
      else errors.push(stamp.error);
    }
    if (errors.length === 0) return toSafe(() => toTriplet(stamps, preprocessing));
    return { success: false, error: new BtsbotError(errors.flatMap(({ problems }) => problems)) };
  }

  private getStamp(plane: Plane): SafeResult<Stamp> {
    let stamp = this.stamps.get(plane);
    if (stamp === undefined) {
      const options = { planes: [plane], ...(this.gunzip && { gunzip: this.gunzip }) };
      stamp = toSafe(() => readStamps(this.context.alert, options)[plane]);
      this.stamps.set(plane, stamp);
    }
    return stamp;
  }
}

function describeHistory({ detections, nondetections }: LightCurve): UsedHistory {
  const points = [...detections, ...nondetections];
  return { points: points.length, firstJd: points.reduce((first, { jd }) => Math.min(first, jd), Infinity) };
}

/** What one model reads of one alert: the values by input, or why it cannot read it. */
interface ModelInputs {
  readonly values: readonly ArrayLike<number>[];
  readonly reasons: readonly Reason[];
  readonly flags: readonly string[];
}

async function runModel(
  ready: ScoringModel,
  alerts: readonly AlertInputs[],
  realBogus?: string,
): Promise<ModelResult[]> {
  const { definition } = ready.model;
  const gathered: ModelInputs[] = [];
  for (const alert of alerts) gathered.push(gatherInputs(ready, alert));
  const scorable = gathered.filter(isScorable);
  const run = (start: number, count: number) => predict(ready, scorable.slice(start, start + count));
  const answers = (await predictEach(scorable.length, outputLength(definition.output), run)).values();
  const results: ModelResult[] = [];
  for (const [index, inputs] of gathered.entries()) {
    const { reasons, flags } = inputs;
    const provenance = describe(ready, flags, realBogus, alerts[index].history);
    if (!isScorable(inputs)) {
      results.push({ status: "unscored", reasons, flags, provenance });
      continue;
    }
    const answer = answers.next().value!;
    const read = "code" in answer ? { reason: answer } : readAnswer(definition, answer);
    if ("reason" in read) results.push({ status: "unscored", reasons: [read.reason], flags, provenance });
    else results.push({ status: "scored", ...read, flags, provenance });
  }
  return results;
}

function isScorable({ reasons }: ModelInputs): boolean {
  return reasons.length === 0;
}

function gatherInputs({ model, inputs, survey }: ScoringModel, alert: AlertInputs): ModelInputs {
  const refused = judgeSurvey(alert.alert, survey);
  if (refused.length > 0) return { values: [], reasons: refused, flags: [] };
  const values: ArrayLike<number>[] = [];
  const reasons: Reason[] = [];
  const flags: string[] = ignoredInputs(model).map((name) => `${IGNORED}:${name}`);
  // Features bring what is said of the date with them.
  if (inputs.every(({ kind }) => kind === "image")) {
    const date = checkDate(alert.alert);
    reasons.push(...date.reasons);
    flags.push(...date.flags);
  }
  for (const input of inputs) {
    if (input.kind === "features") {
      const features = alert.getFeatures(input.profile);
      values.push(features.values);
      reasons.push(...alert.getReasons(input.profile, features));
      flags.push(...features.flags);
    } else {
      const triplet = alert.getTriplet(input.preprocessing);
      flags.push(...alert.getStampFlags(input.preprocessing));
      if (triplet.success) values.push(triplet.data.pixels);
      else reasons.push(...toReason(triplet.error));
    }
  }
  return { values, reasons, flags };
}

function predict({ model, prepared }: ReadyModel, gathered: readonly ModelInputs[]): Promise<Float32Array> {
  const batch = model.definition.inputs.map((input, place): [string, Float32Array] => {
    const length = inputLength(input);
    const values = new Float32Array(gathered.length * length);
    for (let index = 0; index < gathered.length; index += 1) values.set(gathered[index].values[place], index * length);
    return [input.name, values];
  });
  return prepared.predict(Object.fromEntries(batch), gathered.length);
}

function describe(
  { model, inputs, engine, passedOver, prepared }: ScoringModel,
  flags: readonly string[],
  chosen: string | undefined,
  history: UsedHistory | undefined,
): Provenance {
  const { definition, sha256, definitionSha256 } = model;
  const features = inputs.find((input) => input.kind === "features");
  const asks = features?.profile.features.some((feature) => feature.realBogus) ?? false;
  const realBogus = asks ? (chosen ?? findRealBogus(flags)) : undefined;
  return {
    model: definition.name,
    version: definition.version,
    weightsSha256: sha256,
    definitionSha256,
    ...(features && { profile: features.profile.name }),
    ...(features?.sha256 !== undefined && { profileSha256: features.sha256 }),
    ...(realBogus !== undefined && { realBogus }),
    ...(features && history && { history }),
    engine,
    backend: prepared.backend,
    ...(passedOver.length > 0 && { passedOver }),
    library: VERSION,
  };
}

function findRealBogus(flags: readonly string[]): string | undefined {
  if (flags.includes(FROM_PACKET)) return "packet";
  return flags.includes(GIVEN) ? "given" : undefined;
}
