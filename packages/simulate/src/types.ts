import type { Alert } from "@btsbot/alert";
import type { OptionNames } from "@btsbot/errors";

/** What a simulated source is. */
export type SourceClass =
  | "SN Ia"
  | "SN II"
  | "SN Ibc"
  | "TDE"
  | "AGN"
  | "CV"
  | "Nova"
  | "RR Lyrae"
  | "Eclipsing binary"
  | "Long-period variable"
  | "Young star"
  | "Asteroid"
  | "Bogus: misregistration"
  | "Bogus: cosmic ray"
  | "Bogus: hot column"
  | "Bogus: ghost"
  | "Bogus: saturated star";

/** What is known of a class before any source of it is made. */
export interface ClassInfo {
  /** The name, as in truth tables. */
  readonly name: SourceClass;
  /** `transient` is extragalactic, and labelled 1 where bright; nothing else is ever labelled 1. */
  readonly kind: "transient" | "variable" | "asteroid" | "bogus";
  /** Its part of the sources where nothing else is asked for; the parts of all classes add up to 1. */
  readonly part: number;
}

/** What the simulation knows of a source, and a scanner would like to. */
export interface Truth {
  /** The source's name, as in its alerts. */
  readonly objectId: string;
  /**
   * 1 for a supernova or tidal disruption event whose light curve peaks at 18.5 mag or brighter in g or r, 0
   * otherwise: what the Bright Transient Survey wants.
   */
  readonly label: 0 | 1;
  /** What it is. */
  readonly class: SourceClass;
  /** Brightest true magnitude, g or r: of the transient; of a variable star all of its light; of bogus the detection. */
  readonly peakmag: number;
  /** When it was brightest, days UTC. */
  readonly peakjd: number;
  /** Redshift; null for what is in the Galaxy or no astronomical source. */
  readonly redshift: number | null;
  /** Right ascension J2000, degrees. */
  readonly ra: number;
  /** Declination J2000, degrees. */
  readonly dec: number;
  /**
   * When scanners who begin with the first night saved it, days UTC; null for what is not a transient, and for what was not
   * twice as bright as 19 mag in the nights that are simulated.
   */
  readonly saveJd: number | null;
  /** When they asked for its spectrum, days UTC; null for what was not saved, or never as bright as 18.5 mag. */
  readonly triggerJd: number | null;
}

/** An alert and the truth about its source. */
export interface SimulatedAlert {
  /** The alert, with stamps and 30 days of history. */
  readonly alert: Alert;
  /** The truth, the same for all alerts of the source. */
  readonly truth: Truth;
}

/** Options of `simulateSurvey`; {@link DEFAULT_SURVEY} holds the defaults. */
export interface SurveyOptions {
  /** Nights in which alerts are raised, 1 or more. */
  readonly nights?: number;
  /** Sources, each with one alert at least; 1 to 10,000, which have ids of their own. For more, take more seeds and starts. */
  readonly sources?: number;
  /** What all chance follows from: a whole number, 0 to 2^53 - 1. */
  readonly seed?: number;
  /** First night: the Julian date of 0h UTC, rounded down to one. */
  readonly start?: number;
  /** The classes to draw from, with their weights; {@link CLASSES} by default. */
  readonly mix?: Readonly<Partial<Record<SourceClass, number>>>;
  /** Packs a stamp's FITS file; fflate's gzip by default, without a time stamp. */
  readonly gzip?: (bytes: Uint8Array) => Uint8Array;
}

/**
 * The names of {@link SurveyOptions}.
 *
 * @internal
 */
export const SURVEY_OPTIONS: OptionNames<SurveyOptions> = {
  nights: "number",
  sources: "number",
  seed: "number",
  start: "number",
  mix: "object",
  gzip: "function",
};
