import type { Alert, FieldValue, LightCurve } from "@btsbot/alert";
import type { FlagCode, Reason } from "@btsbot/errors";
import type { ProfileData } from "./profileData.js";

/** What a feature is computed from. */
export interface FeatureContext {
  /** The alert. */
  readonly alert: Alert;
  /** What is known of the source up to the alert, the alert's own detection included. */
  readonly history: LightCurve;
  /** A real/bogus score that replaces the packet's, 0 to 1. */
  readonly realBogus?: number;
}

/**
 * What BTSbot computes of a source's history up to an alert. Null where the alert or its history does
 * not have what it takes.
 */
export interface CustomFeatures {
  /** Least magnitude of all detections so far, the alert's included: the peak, mag. */
  readonly peakmag_so_far: number | null;
  /** Greatest magnitude of all detections so far, the alert's included, mag. */
  readonly maxmag_so_far: number | null;
  /** Days from the first detection to the alert, 0 or more. */
  readonly age: number | null;
  /** Days from the peak to the alert, 0 or more. */
  readonly days_since_peak: number | null;
  /** Days from the first detection to the peak, 0 or more. */
  readonly days_to_peak: number | null;
  /** Exposures of the position that did not detect the source: ncovhist minus ndethist. */
  readonly nnotdet: number | null;
  /** `jdstarthist-missing` where the ages count from the first detection in the history. */
  readonly flags: readonly FlagCode[];
}

/**
 * What a feature's quantity can be. A value outside is flagged `out-of-range:<feature>` and goes into the network as it
 * is; one so far outside that no training can have seen its like is refused, with the reason `feature-out-of-range`.
 * Where -999 is the survey's mark for a number that it does not have (`marked`) it passes, flagged `sentinel:<feature>`.
 */
export interface FeatureRange {
  /** The least value that the quantity can have. */
  readonly least: number;
  /** The greatest value that the quantity can have. */
  readonly greatest: number;
  /** Where that is stated, or what it was measured on. */
  readonly source: string;
  /** How many widths of the range a value may lie outside before it is refused; 10 by default, 1 for magnitudes, which are logarithms, and for dates and days. */
  readonly room?: number;
  /** Whether every value outside is refused, as of a score or an angle; `"least"`: every one below, as of a count or a width. */
  readonly strict?: boolean | "least";
  /** Whether -999 is the survey's mark here, which passes; by default unless the range is strict or computed. */
  readonly marked?: boolean;
  /** Whether -999 is a number like any other here, as of days that are computed and of dates, which the survey always has. */
  readonly computed?: boolean;
}

/** One number of a profile: its name and the rule that gives it. */
export interface Feature {
  /** The name, as in the training set. */
  readonly name: string;
  /** Its unit, or what it counts. */
  readonly unit: string;
  /** What it is, in a few words. */
  readonly meaning: string;
  /** What it is read from, such as `"candidate.magpsf"`: where to look when it is missing. */
  readonly path: string;
  /** The rule: the value, or undefined or null where the alert does not have it. What is not a number counts as missing. */
  readonly value: (context: FeatureContext) => FieldValue | undefined;
  /** What it can be; without it any finite number passes. */
  readonly range?: FeatureRange;
  /** What the value stands in for, where it does; asked only for a value that can be scored. */
  readonly flags?: (context: FeatureContext) => readonly (FlagCode | `${FlagCode}:${string}`)[];
  /** Whether a real/bogus score that the caller gives, or that a model gives for others, takes the packet's place here. */
  readonly realBogus?: boolean;
  /** In a profile of comparison: how the rule differs from the one of `btsbot-v1`; absent where it does not. */
  readonly differs?: string;
}

/** What a system does to stamps otherwise than the model's definition says. */
export interface ProfileStamps {
  /**
   * Where a stamp smaller than the network's plane stands: `corner`, as in training, or `centered`, as BOOM had it
   * (`StampPadding` of `@btsbot/cutout`). For images that are normalised by `l2`; `minmax` takes whole stamps only.
   */
  readonly padding: "corner" | "centered";
}

/** A named list of features: the order is that of the network's input. */
export interface FeatureProfile {
  /** The profile's name, such as `"btsbot-v1"`. */
  readonly name: string;
  /** Where the rules come from. */
  readonly source: string;
  /** The features, in order. */
  readonly features: readonly Feature[];
  /** The survey whose alerts it is for, such as `"lsst"`; ZTF by default. Others are refused, with `survey-unsupported`. */
  readonly survey?: string;
  /** What is done to stamps otherwise than the model's definition says; as it says, by default. */
  readonly stamps?: ProfileStamps;
  /** The data that it was made of by `parseProfile`: what can be written to a file, and sent to a worker. */
  readonly data?: ProfileData;
  /** In a profile of comparison: what the system does otherwise than here besides its features, or what of it is not modeled. */
  readonly notes?: readonly string[];
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
