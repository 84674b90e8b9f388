import type { Variant } from "./compareInputs.js";
import type { ComparisonOutcome, FeatureDifference } from "./comparisonTypes.js";
import { DECISION } from "./decision.js";

/** Under this relative difference two values are the same number, computed in another order. */
const SAME_VALUE = 1e-9;
/** What stands for the stamps among the differences. */
const STAMPS = "stamps";

/**
 * Where two variants of an alert differ, `alone` left open.
 *
 * @internal
 */
export function findDifferences(base: Variant, other: Variant): FeatureDifference[] {
  const differences = base.names.flatMap((name, place): FeatureDifference[] => {
    const [before, after] = [base.features[place], other.features[place]];
    if (isSame(before, after)) return [];
    return [{ name, base: orNull(before), other: orNull(after), alone: null }];
  });
  const padded = other.images.some((image, place) => image !== base.images[place]);
  return padded && base.images.length > 0
    ? [...differences, { name: STAMPS, base: null, other: null, alone: null }]
    : differences;
}

/**
 * The base with one difference taken over from the other.
 *
 * @internal
 */
export function takeOver(base: Variant, other: Variant, name: string): Variant {
  const place = base.names.indexOf(name);
  if (place === -1) return { ...base, images: other.images };
  const features = base.features.slice();
  features[place] = other.features[place];
  return { ...base, features };
}

/**
 * What two scores say of an alert's fate.
 *
 * @internal
 */
export function judge(base: number | null, other: number | null): ComparisonOutcome {
  if (base === null) return other === null ? "unscored" : "gained";
  if (other === null) return "lost";
  if (base >= DECISION !== other >= DECISION) return "flipped";
  return base === other ? "same" : "moved";
}

/** NaN is missing: missing under both is not a difference. */
function isSame(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  return Math.abs(a - b) <= SAME_VALUE * Math.max(Math.abs(a), Math.abs(b));
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
