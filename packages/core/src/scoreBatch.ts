import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { flagStamps, readStamps, toTriplet } from "@btsbot/cutout";
import type { Gunzip, ImagePreprocessing, Stamps, Triplet } from "@btsbot/cutout";
import { toReason, toSafe } from "@btsbot/errors";
import type { FlagCode, Reason, SafeResult } from "@btsbot/errors";
import { checkDate, extractFeatures, getProfile } from "@btsbot/features";
import type { FeatureContext, Features } from "@btsbot/features";
import { ignoredInputs, inputLength, outputLength } from "@btsbot/model";
import { predictEach } from "./predictEach.js";
import type { ReadyModel } from "./prepareModel.js";
import { readAnswer } from "./readAnswer.js";
import type { ModelResult, Provenance, ScoredAlert, ScorerOptions, StoredHistory } from "./types.js";
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
  const stored = await Promise.all(alerts.map((alert) => options.history?.(alert)));
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
    models.map((model) => (model === realBogus ? first! : runModel(model, inputs, name))),
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
  readonly models: readonly ReadyModel[];
  readonly realBogus: ReadyModel | undefined;
}

/** One alert's network inputs, each made when a model first asks for it. */
class AlertInputs {
  private context: FeatureContext;
  private noRealBogus: Reason | undefined;
  private readonly gunzip: Gunzip | undefined;
  private readonly features = new Map<string, Features>();
  private readonly triplets = new Map<string, SafeResult<Triplet>>();
  private stamps: SafeResult<Stamps> | undefined;
  private stampFlags: readonly string[] | undefined;

  constructor(alert: Alert, stored: StoredHistory | undefined, options: BatchOptions) {
    const history = toLightCurve(alert, stored);
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

  /** Why the features cannot be scored. */
  getReasons({ reasons }: Features): readonly Reason[] {
    const why = this.noRealBogus;
    if (why === undefined) return reasons;
    return reasons.map((reason) => (isRealBogus(String(reason.path)) ? why : reason));
  }

  getFeatures(profile: string): Features {
    let features = this.features.get(profile);
    if (features === undefined) {
      features = extractFeatures(getProfile(profile), this.context);
      this.features.set(profile, features);
    }
    return features;
  }

  getStampFlags(): readonly string[] {
    const stamps = this.getStamps();
    return (this.stampFlags ??= stamps.success ? flagStamps(stamps.data) : []);
  }

  getTriplet(preprocessing: ImagePreprocessing): SafeResult<Triplet> {
    const key = JSON.stringify(preprocessing);
    let triplet = this.triplets.get(key);
    if (triplet === undefined) {
      const stamps = this.getStamps();
      triplet = stamps.success ? toSafe(() => toTriplet(stamps.data, preprocessing)) : stamps;
      this.triplets.set(key, triplet);
    }
    return triplet;
  }

  private getStamps(): SafeResult<Stamps> {
    return (this.stamps ??= toSafe(() => readStamps(this.context.alert, this.gunzip && { gunzip: this.gunzip })));
  }
}

/** What one model reads of one alert: the values by input, or why it cannot read it. */
interface ModelInputs {
  readonly values: readonly ArrayLike<number>[];
  readonly reasons: readonly Reason[];
  readonly flags: readonly string[];
}

async function runModel(ready: ReadyModel, alerts: readonly AlertInputs[], realBogus?: string): Promise<ModelResult[]> {
  const { definition } = ready.model;
  const gathered: ModelInputs[] = [];
  for (const alert of alerts) gathered.push(gatherInputs(ready, alert));
  const scorable = gathered.filter(isScorable);
  const run = (start: number, count: number) => predict(ready, scorable.slice(start, start + count));
  const answers = (await predictEach(scorable.length, outputLength(definition.output), run)).values();
  const results: ModelResult[] = [];
  for (const inputs of gathered) {
    const { reasons, flags } = inputs;
    const provenance = describe(ready, flags, realBogus);
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

function gatherInputs({ model }: ReadyModel, alert: AlertInputs): ModelInputs {
  const values: ArrayLike<number>[] = [];
  const reasons: Reason[] = [];
  const flags: string[] = ignoredInputs(model).map((name) => `${IGNORED}:${name}`);
  // Features bring what is said of the date with them.
  if (model.definition.inputs.every(({ kind }) => kind === "image")) {
    const date = checkDate(alert.alert);
    reasons.push(...date.reasons);
    flags.push(...date.flags);
  }
  for (const input of model.definition.inputs) {
    if (input.kind === "features") {
      const features = alert.getFeatures(input.profile);
      values.push(features.values);
      reasons.push(...alert.getReasons(features));
      flags.push(...features.flags);
    } else {
      const triplet = alert.getTriplet(input.preprocessing);
      flags.push(...alert.getStampFlags());
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
  { model, engine, passedOver, prepared }: ReadyModel,
  flags: readonly string[],
  chosen: string | undefined,
): Provenance {
  const { definition, sha256, definitionSha256 } = model;
  const features = definition.inputs.find((input) => input.kind === "features");
  const asks = features !== undefined && getProfile(features.profile).features.some(({ path }) => isRealBogus(path));
  const realBogus = asks ? (chosen ?? findRealBogus(flags)) : undefined;
  return {
    model: definition.name,
    version: definition.version,
    weightsSha256: sha256,
    definitionSha256,
    ...(features && { profile: features.profile }),
    ...(realBogus !== undefined && { realBogus }),
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

/** Whether a feature is the one that a real/bogus score replaces: its path names the option. */
function isRealBogus(path: string): boolean {
  return path.includes("realBogus");
}
