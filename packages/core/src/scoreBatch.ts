import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { flagStamps, readStamps, toTriplet } from "@btsbot/cutout";
import type { Gunzip, ImagePreprocessing, Stamps, Triplet } from "@btsbot/cutout";
import { toReason, toSafe } from "@btsbot/errors";
import type { FlagCode, Reason, SafeResult } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import type { FeatureContext, Features } from "@btsbot/features";
import { inputLength, outputLength } from "@btsbot/model";
import type { ModelOutput } from "@btsbot/model";
import type { ReadyModel } from "./prepareModel.js";
import type { ModelResult, Provenance, ScoredAlert, ScorerOptions, StoredHistory } from "./types.js";
import { VERSION } from "./version.js";

const FROM_PACKET = "drb-from-packet" satisfies FlagCode;
const GIVEN = "drb-given" satisfies FlagCode;

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
  const inputs = alerts.map((alert, index) => new AlertInputs(alert, stored[index], options));
  const first = realBogus && (await runModel(realBogus, inputs));
  first?.forEach((result, index) => {
    inputs[index].setRealBogus(result);
  });
  const name = realBogus?.model.definition.name;
  const results = await Promise.all(models.map((model) => (model === realBogus ? first! : runModel(model, inputs, name))));
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

  /** Takes a model's answer for the packet's real/bogus; where it has none, NaN leaves the feature without a value. */
  setRealBogus(result: ModelResult): void {
    const realBogus = result.status === "scored" ? result.score : NaN;
    this.context = { ...this.context, realBogus: realBogus ?? NaN };
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

async function runModel(ready: ReadyModel, alerts: readonly AlertInputs[], realBogus = "given"): Promise<ModelResult[]> {
  const { definition } = ready.model;
  const gathered = alerts.map((alert) => gatherInputs(ready, alert));
  const scorable = gathered.flatMap(({ reasons }, index) => (reasons.length === 0 ? [index] : []));
  const answers = scorable.length === 0 ? new Float32Array(0) : await predict(ready, scorable.map((index) => gathered[index]));
  const length = outputLength(definition.output);
  const place = new Map(scorable.map((index, position) => [index, position]));
  return gathered.map(({ reasons, flags }, index): ModelResult => {
    const provenance = describe(ready, flags, realBogus);
    const position = place.get(index);
    if (position === undefined) return { status: "unscored", reasons, flags, provenance };
    const answer = answers.subarray(position * length, (position + 1) * length);
    if (answer.length === length && answer.every(Number.isFinite)) {
      return { status: "scored", ...toAnswer(definition.output, answer), flags, provenance };
    }
    const message = `${definition.name} answered ${answer.join(", ") || "nothing"}`;
    return { status: "unscored", reasons: [{ code: "output-non-finite", message }], flags, provenance };
  });
}

function toAnswer(output: ModelOutput, answer: Float32Array): { score: number } | { classes: Record<string, number> } {
  if (output.kind === "score") return { score: answer[0] };
  return { classes: Object.fromEntries(output.classes.map((className, place) => [className, answer[place]])) };
}

function gatherInputs({ model }: ReadyModel, alert: AlertInputs): ModelInputs {
  const values: ArrayLike<number>[] = [];
  const reasons: Reason[] = [];
  const flags: string[] = [];
  for (const input of model.definition.inputs) {
    if (input.kind === "features") {
      const features = alert.getFeatures(input.profile);
      values.push(features.values);
      reasons.push(...features.reasons);
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
    gathered.forEach((inputs, index) => {
      values.set(inputs.values[place], index * length);
    });
    return [input.name, values];
  });
  return prepared.predict(Object.fromEntries(batch), gathered.length);
}

function describe({ model, engine, prepared }: ReadyModel, flags: readonly string[], given: string): Provenance {
  const { definition, sha256 } = model;
  const features = definition.inputs.find((input) => input.kind === "features");
  return {
    model: definition.name,
    version: definition.version,
    weightsSha256: sha256,
    ...(features && { profile: features.profile }),
    ...(flags.includes(FROM_PACKET) && { realBogus: "packet" }),
    ...(flags.includes(GIVEN) && { realBogus: given }),
    engine,
    backend: prepared.backend,
    library: VERSION,
  };
}
