import type { Alert } from "@btsbot/alert";
import type { FeatureProfile } from "@btsbot/features";
import type { GivenProfile, Model } from "@btsbot/model";
import type { Reason } from "@btsbot/errors";
import type { AlertInput, AlertOutcome, ScorerOptions, ScoringOptions } from "./types.js";

/** Options of `createComparer`. */
export interface ComparerOptions extends Omit<ScorerOptions, "models" | "realBogus" | "profiles"> {
  /** The model, loaded or a name that `store` knows; one score is its output. */
  readonly model: Model | string;
  /** A real/bogus score that replaces the packet's, 0 to 1; undefined keeps the packet's. */
  readonly realBogus?: (alert: Alert) => number | undefined;
  /**
   * The profiles to compare with the model's own, or one: each by its name, itself, or as data; {@link DEFAULT_COMPARED} by
   * default. One that has the name that the model's definition gives is the model's own, and is not compared.
   */
  readonly profiles?: GivenProfile | readonly GivenProfile[];
}

/** A score under one profile, or why there is none. */
export interface ProfileScore {
  /** The profile's name. */
  readonly profile: string;
  /** 0 to 1; null where the model cannot score. */
  readonly score: number | null;
  /** Why there is no score; empty where there is one. */
  readonly reasons: readonly Reason[];
}

/** A feature that two profiles give otherwise for one alert. */
export interface FeatureDifference {
  /** The feature's name; `stamps` where the stamps are padded otherwise. */
  readonly name: string;
  /** Its value under the model's own profile; null where it is missing, and for `stamps`. */
  readonly base: number | null;
  /** Its value under the other profile; null where it is missing, and for `stamps`. */
  readonly other: number | null;
  /**
   * The score with this difference alone, all else as under the model's own profile. Null where there is no score
   * under both profiles, or where the score moves by less than {@link EXPLAINED_SHIFT}.
   */
  readonly alone: number | null;
}

/**
 * What becomes of an alert under the other profile: `same` or `moved` score; the decision at {@link DECISION}
 * `flipped`; a score `lost` or `gained`; `unscored` under both.
 */
export type ComparisonOutcome = "same" | "moved" | "flipped" | "lost" | "gained" | "unscored";

/** One alert under one other profile. */
export interface ProfileComparison extends ProfileScore {
  /** What becomes of the alert. */
  readonly outcome: ComparisonOutcome;
  /** The other score minus the base's; null where one of them is missing. */
  readonly shift: number | null;
  /** What differs in the inputs, in the order of the profile, the stamps last. */
  readonly differences: readonly FeatureDifference[];
}

/** One alert under the model's own profile and the others. */
export interface ComparedAlert {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id. */
  readonly candid: bigint;
  /** Julian date of the alert, days UTC. */
  readonly jd: number;
  /** Under the model's own profile. */
  readonly base: ProfileScore;
  /** Under each of the others, in the order in which they were given. */
  readonly others: readonly ProfileComparison[];
}

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
  /**
   * Compares alerts in batches, in order, as a scorer's `scoreAlerts` scores them: bytes may hold many alerts, and an
   * input that cannot be read gives its error, and the others go on.
   *
   * @param inputs - packets or alerts, at once or as they come
   * @param options - how long an alert waits for others, and what ends the comparing
   * @returns one outcome for each alert, or for each input that cannot be read
   * @throws BtsbotError `scorer-disposed` after `dispose`; RangeError for a wait that is not a number of 0 or more; the
   * signal's reason where it is aborted
   */
  compareAlerts(
    inputs: Iterable<AlertInput> | AsyncIterable<AlertInput>,
    options?: ScoringOptions,
  ): AsyncGenerator<AlertOutcome<ComparedAlert>, void, undefined>;
  /** Frees what the engine holds. The comparer cannot be used after. */
  dispose(): void;
}
