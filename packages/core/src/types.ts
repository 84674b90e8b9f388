import type { Alert, ReadOptions, StoredPoint } from "@btsbot/alert";
import type { Gunzip } from "@btsbot/cutout";
import type { BtsbotError, Bytes, Platform, Reason } from "@btsbot/errors";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import type { Engine, Model, ModelStore } from "@btsbot/model";

/**
 * What can be scored: the bytes of a packet (Avro or JSON) in whatever holds them (a `Uint8Array` such as Node's
 * `Buffer`, a `DataView`, an `ArrayBuffer`, a `Blob` such as a file), or an alert already read.
 */
export type AlertInput = Bytes | Platform<"Blob"> | Alert;

/** The light curve that features were made of, where more was asked for than the packet holds (`ScorerOptions.history`). */
export interface UsedHistory {
  /** Detections and upper limits up to the alert, its own among them. */
  readonly points: number;
  /** Julian date of the first of them, days UTC. */
  readonly firstJd: number;
}

/** By what a score was made: enough to make it again. */
export interface Provenance {
  /** The model's name. */
  readonly model: string;
  /** The model's version. */
  readonly version: string;
  /** SHA-256 of the weights, hexadecimal. */
  readonly weightsSha256: string;
  /** SHA-256 of the definition, hexadecimal (`hashDefinition` of `@btsbot/model`): the same weights in another network give another score. */
  readonly definitionSha256: string;
  /** The name of the feature profile, where the model reads features. */
  readonly profile?: string;
  /** SHA-256 of the profile, hexadecimal (`hashProfile` of `@btsbot/model`), where it is data and not one of the ready ones. */
  readonly profileSha256?: string;
  /** Which real/bogus score was fed, where the profile has one: `packet`, `given`, or the name of the model that gave it. */
  readonly realBogus?: string;
  /** The light curve that the features were made of; absent where it is the packet's own, or the model reads no features. */
  readonly history?: UsedHistory;
  /** The engine that ran the network. */
  readonly engine: string;
  /** What the engine ran on. */
  readonly backend: string;
  /** The engines that were to be used before it and cannot run here, each with its reason; absent where there is none. */
  readonly passedOver?: readonly string[];
  /** Version of this library. */
  readonly library: string;
}

/** What every answer of a model has. */
export interface ScoredBase {
  /** Tells an answer from none. */
  readonly status: "scored";
  /** Where an input was not the training's: what stood in its place. */
  readonly flags: readonly string[];
  /** By what it was made. */
  readonly provenance: Provenance;
}

/** One score. */
export interface ScoredNumber extends ScoredBase {
  /** Between 0 and 1. */
  readonly score: number;
  /** Absent: the model has no classes. */
  readonly classes?: undefined;
}

/** A probability for each of several classes. */
export interface ScoredClasses extends ScoredBase {
  /** By name of the class, in the model's order, each between 0 and 1; their sum is 1. */
  readonly classes: Readonly<Record<string, number>>;
  /** Absent: no class is the one that counts. */
  readonly score?: undefined;
}

/** A model's answer: a score, or probabilities of classes. `score === undefined` tells them apart. */
export type Scored = ScoredNumber | ScoredClasses;

/** No score, and why. */
export interface Unscored {
  /** Tells a score from none. */
  readonly status: "unscored";
  /** At least one. */
  readonly reasons: readonly Reason[];
  /** Where an input was not the training's: what stood in its place. */
  readonly flags: readonly string[];
  /** By what it was made. */
  readonly provenance: Provenance;
}

/** What one model says of one alert. */
export type ModelResult = Scored | Unscored;

/** What the models say of one alert. */
export interface ScoredAlert {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id, exact. */
  readonly candid: bigint;
  /** Julian date of the alert, days UTC. */
  readonly jd: number;
  /** The results by model name, in the order in which the models were given. */
  readonly scores: Readonly<Record<string, ModelResult>>;
}

/** Which alert of which input an outcome is of. */
export interface OutcomePlace {
  /** Place of the input in the iterable, from 0. */
  readonly input: number;
  /** Place of the alert in its input, from 0. */
  readonly index: number;
}

/** An alert that was read, with what the models say of it, or what else was asked. */
export interface ReadOutcome<T = ScoredAlert> extends OutcomePlace {
  /** Tells this outcome from a failure. */
  readonly success: true;
  /** What the models say. */
  readonly data: T;
  /** The alert. */
  readonly alert: Alert;
}

/** An input, or a record in it, that could not be read. */
export interface FailedOutcome extends OutcomePlace {
  /** Tells this outcome from a success. */
  readonly success: false;
  /** What is wrong with it. */
  readonly error: BtsbotError;
}

/** What was asked of an alert, or an input that could not be read. */
export type AlertOutcome<T> = ReadOutcome<T> | FailedOutcome;

/** One outcome of `scoreAlerts`: a scored alert, or an input that could not be read. */
export type ScoreOutcome = AlertOutcome<ScoredAlert>;

/** Stored history of one source (see `toLightCurve` of `@btsbot/alert`). */
export type StoredHistory = readonly (Alert | StoredPoint)[];

/** Options of `createScorer`. */
export interface ScorerOptions {
  /**
   * The models, or one: each a loaded one or a name that `store` knows; or `"all"` that `store` has. Without it,
   * `btsbot-mini`, which ships inside `@btsbot/model` and is also known by its name where there is no store.
   */
  readonly models?: Model | string | readonly (Model | string)[];
  /** Where named models are found. */
  readonly store?: ModelStore;
  /**
   * What runs the networks: one engine, or several, of which each model takes the first that can run it.
   * Without it, the fastest that works here and is installed.
   */
  readonly engine?: Engine | readonly Engine[];
  /**
   * Feature profiles of your own, for the models that name them: themselves, or as data (`parseProfile` of
   * `@btsbot/features`). A model that holds its profile needs none.
   */
  readonly profiles?: readonly (FeatureProfile | ProfileData)[];
  /** How stamps are unpacked; fflate's by default. */
  readonly gunzip?: Gunzip;
  /** How packets are read: schemas of Confluent-framed messages, limits. */
  readonly read?: ReadOptions;
  /** Alerts in one run of a network, 1 or more; 32 by default. */
  readonly batchSize?: number;
  /**
   * What is known of a source beyond its packet: other alerts of it, or points such as a broker's
   * `prv_candidates`. Asked once for each alert; points later than the alert are left out. What it throws
   * ends the scoring.
   */
  readonly history?: (alert: Alert) => StoredHistory | undefined | Promise<StoredHistory | undefined>;
  /**
   * What replaces the packet's real/bogus score, `drb`: a score for each alert, 0 to 1 (undefined keeps the
   * packet's), or a model that gives it: itself, its name, or `"braai"` for `"braai_d6_m9"`, by which BTSbot's
   * training set was made. `"packet"` is the packet's own, as without this option.
   */
  readonly realBogus?: ((alert: Alert) => number | undefined) | Model | "packet" | "braai" | (string & {});
}

/** How a row of alerts is scored. */
export interface ScoringOptions {
  /**
   * The longest that an alert waits for others to fill its batch, ms, 0 or more: what comes live is answered without
   * them. Without it a batch waits until it is full, or all is read.
   */
  readonly maxWaitMs?: number;
  /** Ends the scoring, after the batch in hand, with the signal's reason. */
  readonly signal?: Platform<"AbortSignal">;
}

/** Scores alerts with models that are ready. */
export interface Scorer {
  /**
   * Scores one alert.
   *
   * @param input - the bytes of a packet, in whatever holds them, or an alert
   * @returns what each model says
   * @throws BtsbotError if the bytes are not one alert; `scorer-disposed` after `dispose`
   */
  scoreAlert(input: AlertInput): Promise<ScoredAlert>;
  /**
   * Scores alerts in batches, in order. Bytes may hold many alerts. An input that cannot be read gives
   * its error, and the others go on.
   *
   * @param inputs - packets or alerts, at once or as they come; each item is a whole packet or file
   * (for the chunks of one file, see `readAlertStream` of `@btsbot/alert`)
   * @param options - how long an alert waits for others, and what ends the scoring
   * @returns one outcome for each alert, or for each input that cannot be read
   * @throws RangeError for a wait that is not a number of 0 or more; the signal's reason where it is aborted
   */
  scoreAlerts(
    inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
    options?: ScoringOptions,
  ): AsyncGenerator<ScoreOutcome, void, undefined>;
  /** Frees what the engine holds, once what is being scored is done. The scorer cannot be used after. */
  dispose(): void;
}
