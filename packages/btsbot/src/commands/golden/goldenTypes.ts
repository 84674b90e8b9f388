/**
 * Numbers by name; null where there is none.
 *
 * @internal
 */
export type GoldenValue = number | null | { readonly [name: string]: GoldenValue };

/**
 * The parts of an alert's line that hold numbers, in their order.
 *
 * @internal
 */
export const SECTIONS = ["stamps", "triplets", "features", "scores"] as const;

/**
 * A part of an alert's line.
 *
 * @internal
 */
export type Section = (typeof SECTIONS)[number];

/**
 * One alert of a golden file: which one, and what was found; what is absent is not compared.
 *
 * @internal
 */
export interface GoldenAlert extends Partial<Readonly<Record<Section, GoldenValue>>> {
  readonly objectId: string;
  /** All digits. */
  readonly candid: string;
}

/**
 * How far two numbers may lie apart, as a part of the greatest of 1 and their magnitudes.
 *
 * @internal
 */
export interface Tolerances {
  readonly feature: number;
  readonly triplet: number;
  readonly score: number;
}

/**
 * The first line of a golden file; all but the format is optional.
 *
 * @internal
 */
export interface GoldenHeader {
  readonly format: typeof GOLDEN_FORMAT;
  readonly formatVersion: typeof GOLDEN_VERSION;
  /** Who made it, and with what. */
  readonly producer?: string;
  readonly models?: Readonly<
    Record<string, { readonly version?: string; readonly weightsSha256?: string; readonly definitionSha256?: string }>
  >;
  readonly tolerances?: Partial<Tolerances>;
}

/**
 * A golden file.
 *
 * @internal
 */
export interface GoldenFile {
  readonly header: GoldenHeader;
  readonly alerts: readonly GoldenAlert[];
}

/** What the first line of a golden file says it is. */
export const GOLDEN_FORMAT = "btsbot-golden";
/** A reader of one version refuses another. */
export const GOLDEN_VERSION = 1;

/** Features are the same arithmetic; triplets are float32; networks differ by engine and rounding. */
export const DEFAULT_TOLERANCES: Tolerances = { feature: 1e-9, triplet: 1e-6, score: 1e-5 };
