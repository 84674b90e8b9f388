import type { CountedBy } from "../exposures/types.js";
import type { Decision, PolicyAction } from "../types.js";

/** How a condition compares. */
export type Comparison = ">=" | ">" | "<=" | "<" | "==" | "!=";

/**
 * One comparison of a value of an alert with a constant. A value that is absent, null, NaN or infinite
 * fulfils none, but `!=`: what is absent is not the constant.
 */
export interface Condition {
  /** `score`, `magpsf`, `jd`, `fid`, or the name of one of the alert's `fields`. */
  readonly field: string;
  /** The comparison. */
  readonly is: Comparison;
  /** What it is compared with; texts and booleans only by `==` and `!=`. */
  readonly value: number | string | boolean;
}

/** That a source has at least a given number of alerts that fulfil all of some conditions. */
export interface Requirement {
  /** How many alerts, each of another exposure (see {@link Policy.countedBy}), 1 or more. */
  readonly count: number;
  /** What each of them fulfils; none for any alert. */
  readonly where: readonly Condition[];
}

/**
 * When to act on a source: plain data, so that it can be stored, shared and shown. It fires at the
 * first alert by date at which all requirements hold over the alerts so far, of any filter and night.
 */
export interface Policy {
  /** The name that decisions bear. */
  readonly name: string;
  /** What is asked for: `save`, or `trigger`, which saves as well. */
  readonly action: PolicyAction;
  /** Urgency of the request that follows, 1 to 5, of which 5 is the most urgent. */
  readonly priority?: number;
  /**
   * What counts as one alert; absent for `exposures`: alerts of one time and filter count once, if any of them fulfils the
   * requirement, however many ids they have. `candids`: each id counts for itself, as the code behind published figures counts.
   */
  readonly countedBy?: CountedBy;
  /** What must hold, all of it; at least one. */
  readonly require: readonly Requirement[];
  /** Where the rule is from. */
  readonly source?: string;
}

/** An alert that counts towards a requirement, as a state keeps it. */
export interface PolicyMatch {
  /** The alert's id in decimal, which JSON keeps exact. */
  readonly candid: string;
  /** Julian date, days UTC. */
  readonly jd: number;
  /** PSF-fit magnitude, mag. */
  readonly magpsf: number;
  /** Its score, 0 to 1; absent where it had none. */
  readonly score?: number;
  /** Its filter; absent where unknown. */
  readonly fid?: number;
}

/**
 * What a policy remembers of one source: plain data that survive JSON. It does not grow with the
 * number of alerts: for each requirement it holds as many as that asks for.
 */
export interface PolicyState {
  /** Name of the policy. */
  readonly policy: string;
  /** The policy's rule in words: a state of another rule is refused. */
  readonly rule: string;
  /** The source's name. */
  readonly objectId: string;
  /** For each requirement, the earliest alerts that fulfil it, by date and filter, at most its count. */
  readonly matches: readonly (readonly PolicyMatch[])[];
}

/** What one alert changes. */
export interface PolicyStep {
  /** The state that the next step starts from; the same object where nothing changed. */
  readonly state: PolicyState;
  /** None or one: the policy fired, or a late alert moved the moment at which it did (`revised`). */
  readonly decisions: readonly Decision[];
}
