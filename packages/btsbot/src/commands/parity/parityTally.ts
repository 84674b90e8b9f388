import { DECISION } from "@btsbot/core";
import type { ComparedAlert, Comparer, ComparisonOutcome, FeatureDifference, ProfileComparison } from "@btsbot/core";

/**
 * What one difference does over all alerts.
 *
 * @internal
 */
export interface FeatureTally {
  /** Alerts in which it differs. */
  alerts: number;
  /** The greatest difference in magnitude, other minus base; null where none has both values. */
  largestDifference: number | null;
  /** Alerts in which the feature is missing under one of the profiles. */
  missing: number;
  /** The score's greatest move in magnitude with this difference alone; null where none moves by 0.01 or more. */
  largestMoveAlone: number | null;
  /** Decisions that flip with this difference alone. */
  flipsAlone: number;
}

/**
 * An alert whose fate changes.
 *
 * @internal
 */
export interface ChangedAlert {
  readonly objectId: string;
  readonly candid: bigint;
  readonly base: ComparedAlert["base"];
  readonly other: ProfileComparison;
}

/**
 * One profile over all alerts.
 *
 * @internal
 */
export interface ProfileTally {
  readonly profile: string;
  readonly outcomes: Record<ComparisonOutcome, number>;
  /** The score's greatest move in magnitude, other minus base. */
  largestShift: number;
  readonly features: Map<string, FeatureTally>;
  /** Those flipped, lost and gained, in the order of the input. */
  readonly changed: ChangedAlert[];
}

/**
 * The sums over all alerts.
 *
 * @internal
 */
export interface ParityTally {
  alerts: number;
  unreadable: number;
  readonly profiles: readonly ProfileTally[];
  add(alert: ComparedAlert): void;
}

const CHANGES: readonly ComparisonOutcome[] = ["flipped", "lost", "gained"];

/**
 * Makes an empty tally.
 *
 * @internal
 */
export function createParityTally({ profiles }: Pick<Comparer, "profiles">): ParityTally {
  const tally: ParityTally = {
    alerts: 0,
    unreadable: 0,
    profiles: profiles.map((profile) => ({
      profile,
      outcomes: { same: 0, moved: 0, flipped: 0, lost: 0, gained: 0, unscored: 0 },
      largestShift: 0,
      features: new Map(),
      changed: [],
    })),
    add({ objectId, candid, base, others }) {
      tally.alerts += 1;
      others.forEach((other, place) => {
        const sums = tally.profiles[place];
        sums.outcomes[other.outcome] += 1;
        sums.largestShift = greater(sums.largestShift, other.shift)!;
        for (const difference of other.differences) addDifference(sums.features, difference, base.score);
        if (CHANGES.includes(other.outcome)) sums.changed.push({ objectId, candid, base, other });
      });
    },
  };
  return tally;
}

function addDifference(
  features: Map<string, FeatureTally>,
  { name, base, other, alone }: FeatureDifference,
  score: number | null,
): void {
  const sums = features.get(name) ?? {
    alerts: 0,
    largestDifference: null,
    missing: 0,
    largestMoveAlone: null,
    flipsAlone: 0,
  };
  features.set(name, sums);
  sums.alerts += 1;
  if ((base === null) !== (other === null)) sums.missing += 1;
  if (base !== null && other !== null) sums.largestDifference = greater(sums.largestDifference, other - base);
  if (alone === null || score === null) return;
  sums.largestMoveAlone = greater(sums.largestMoveAlone, alone - score);
  if (alone >= DECISION !== score >= DECISION) sums.flipsAlone += 1;
}

/** The one of greater magnitude. */
function greater(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.abs(b) > Math.abs(a) ? b : a;
}
