import type { CountedBy } from "../exposures/types.js";

/**
 * A rule about an alert, as plain data that JSON can hold. It is one of:
 * - `all`: every rule in it holds;
 * - `any`: at least one rule in it holds;
 * - `not`: the rule in it does not hold;
 * - `compare`: a chain such as `["magpsf", "<", 19]` or `[0, "<=", "ssdistnr", "<", 12]` holds;
 * - `isdiffpos`: the subtraction is positive, or negative, in any of the spellings that systems use.
 */
export type FilterRule = AllRule | AnyRule | NotRule | CompareRule | SignRule;

/** What every rule may carry. */
export interface RuleBase {
  /** What the rule is called in results, such as `"rock"`. */
  readonly name?: string;
  /**
   * What a comparison does with a number that is missing, for this rule and those in it: `"fails"`, the
   * default: it does not hold; `"lowest"`: the missing number is less than every number, as in the
   * expressions of MongoDB's pipelines.
   */
  readonly missing?: MissingOutcome;
}

/** What a comparison does with a missing number. */
export type MissingOutcome = "fails" | "lowest";

/** Holds if every rule in it does. */
export interface AllRule extends RuleBase {
  /** The rules, at least one. */
  readonly all: readonly FilterRule[];
}

/** Holds if at least one rule in it does. */
export interface AnyRule extends RuleBase {
  /** The rules, at least one. */
  readonly any: readonly FilterRule[];
}

/** Holds if the rule in it does not. */
export interface NotRule extends RuleBase {
  /** The rule. */
  readonly not: FilterRule;
}

/** Holds if each neighbouring pair of the chain does. */
export interface CompareRule extends RuleBase {
  /** Two or three quantities with an operator between each pair. */
  readonly compare:
    readonly [Quantity, Operator, Quantity] | readonly [Quantity, Operator, Quantity, Operator, Quantity];
}

/** Holds if the subtraction has the sign. An alert without a sign has neither. */
export interface SignRule extends RuleBase {
  /** The sign of science minus template. */
  readonly isdiffpos: "positive" | "negative";
}

/** How two numbers are compared. */
export type Operator = "<" | "<=" | ">" | ">=" | "==";

/**
 * A number: a literal, a field of the alert's `candidate` by its name, one of {@link DERIVED}, or a
 * computed one. Text in place of a number, null, NaN and infinity count as missing.
 */
export type Quantity = number | string | ScoreOf | AbsOf | MinusOf | FirstOf | BrightestOf | CountOf | PeakOf;

/** A score given with the alert. */
export interface ScoreOf {
  /** The model's name, such as `"acai_h"`. */
  readonly score: string;
}

/** The absolute value of a quantity. */
export interface AbsOf {
  /** The quantity. */
  readonly abs: Quantity;
}

/** The first quantity minus the second. */
export interface MinusOf {
  /** Both. */
  readonly minus: readonly [Quantity, Quantity];
}

/** The first of several fields of `candidate` that holds a magnitude (over 0, under 30); 99 where none does. */
export interface FirstOf {
  /** The fields, in order. */
  readonly firstOf: readonly string[];
}

/** The least of several fields of `candidate` that hold a magnitude (over 0, under 30); 99 where none does. */
export interface BrightestOf {
  /** The fields. */
  readonly brightestOf: readonly string[];
}

/** How many points of the history are selected, one of each exposure unless the selection is `countedBy` candids. */
export interface CountOf {
  /** Which points. */
  readonly count: Selection;
}

/** The least `magpsf` of the detections selected, mag; 99 where there is none. */
export interface PeakOf {
  /** Which detections. */
  readonly peak: Selection;
}

/** Which points of the history up to the alert: all, or those that meet every condition given. */
export interface Selection {
  /** Detections, the alert's own among them (the default), or upper limits. */
  readonly points?: "detections" | "upper-limits";
  /** Only those of a positive subtraction. An unknown sign does not count. */
  readonly positive?: true;
  /** Those of the alert's own band only. */
  readonly sameBand?: true;
  /** Time from the point to the alert, days; 0 for the alert's own detection. */
  readonly daysBefore?: Bounds;
  /** PSF-fit magnitude, mag. */
  readonly magpsf?: Bounds;
  /**
   * What counts as one where points are counted; absent for `exposures`: points of one time and filter, whatever their ids
   * say. `candids`: each point.
   */
  readonly countedBy?: CountedBy;
}

/** Limits, neither of them included. */
export interface Bounds {
  /** Greater than this. */
  readonly above?: number;
  /** Less than this. */
  readonly below?: number;
}

/** A filter: which alerts are worth a look. Plain data: `JSON.stringify` writes it, `parseFilter` reads it. */
export interface Filter {
  /** Its name, such as `"bts-production"`. */
  readonly name: string;
  /** What it is for, and what it does that a reader may not expect. */
  readonly description: string;
  /** Where its rules come from: paper and section, or repository and file. */
  readonly source?: string;
  /** An alert passes if this holds. The rules of an `all` without a name are the filter's checks. */
  readonly rule: FilterRule;
}

/** What one check of a filter found. */
export interface FilterCheck {
  /** The rule's name; what it looks at first where it has none. */
  readonly name: string;
  /** Whether the check lets the alert through. */
  readonly pass: boolean;
  /** What decided it, in words, with the numbers. */
  readonly reason: string;
  /** The numbers that were looked at to decide it, as the alert has them; null for one that is missing. */
  readonly values: Readonly<Record<string, number | null>>;
}

/** What a filter says of an alert. */
export interface FilterResult {
  /** The filter's name. */
  readonly name: string;
  /** Whether the alert passes. */
  readonly pass: boolean;
  /** What every check that fails found, or that all of them hold. */
  readonly reason: string;
  /** Every check of the filter, in its order. */
  readonly checks: readonly FilterCheck[];
  /** Names of the numbers that were looked at and are missing, each once. */
  readonly missing: readonly string[];
}
