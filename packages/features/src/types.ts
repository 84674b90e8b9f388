import type { Alert, LightCurve } from "@btsbot/alert";
import type { Reason } from "@btsbot/errors";

/** What a feature is computed from. */
export interface FeatureContext {
  /** The alert. */
  readonly alert: Alert;
  /** What is known of the source up to the alert, the alert's own detection included. */
  readonly history: LightCurve;
  /** A real/bogus score that replaces the packet's, 0 to 1. */
  readonly realBogus?: number;
}

/** One number of a profile: its name and the rule that gives it. */
export interface Feature {
  /** The name, as in the training set. */
  readonly name: string;
  /** Its unit, or what it counts. */
  readonly unit: string;
  /** What it is, in a few words. */
  readonly meaning: string;
  /** The rule: the value, or undefined or null where the alert does not have it. */
  readonly value: (context: FeatureContext) => number | null | undefined;
}

/** A named list of features: the order is that of the network's input. */
export interface FeatureProfile {
  /** The profile's name, such as `"btsbot-v1"`. */
  readonly name: string;
  /** Where the rules come from. */
  readonly source: string;
  /** The features, in order. */
  readonly features: readonly Feature[];
}

/** The numbers that one alert gives under a profile. */
export interface Features {
  /** The profile's name. */
  readonly profile: string;
  /** The names, in order. */
  readonly names: readonly string[];
  /** The values, in order; NaN where one is missing, and then `reasons` says which. */
  readonly values: Float64Array;
  /** What stands for something else, such as `"drb-from-packet"` or `"sentinel:distpsnr2"`. */
  readonly flags: readonly string[];
  /** Why the values cannot be scored; empty if they can. */
  readonly reasons: readonly Reason[];
}
