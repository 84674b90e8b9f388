import { SECTIONS } from "./goldenTypes.js";
import type { GoldenAlert, GoldenValue, Section, Tolerances } from "./goldenTypes.js";

/**
 * A place where the file and this program do not agree.
 *
 * @internal
 */
export interface Disagreement {
  /** Such as `features.btsbot-v1.age`. */
  readonly path: string;
  readonly expected: GoldenValue | string;
  readonly got: GoldenValue | string;
}

/**
 * What came of the comparison of one alert.
 *
 * @internal
 */
export interface GoldenComparison {
  readonly disagreements: Disagreement[];
  /** Values compared. */
  compared: number;
  /** Values that are here and not in the file, by section. */
  readonly notCompared: Record<Section, number>;
  /** Paths that are in the file and not known here. */
  readonly unknown: string[];
}

/**
 * Compares an alert of a golden file with what is found here.
 *
 * @internal
 */
export function compareGolden(expected: GoldenAlert, got: GoldenAlert, tolerances: Tolerances): GoldenComparison {
  const result: GoldenComparison = {
    disagreements: [],
    compared: 0,
    notCompared: { stamps: 0, triplets: 0, features: 0, scores: 0 },
    unknown: [],
  };
  const bySection: Readonly<Record<Section, number>> = {
    stamps: 0,
    triplets: tolerances.triplet,
    features: tolerances.feature,
    scores: tolerances.score,
  };
  for (const section of SECTIONS)
    compareValues(expected[section], got[section], section, section, bySection[section], result);
  return result;
}

function compareValues(
  expected: GoldenValue | undefined,
  got: GoldenValue | undefined,
  path: string,
  section: Section,
  tolerance: number,
  result: GoldenComparison,
): void {
  if (expected === undefined) {
    if (got !== undefined) result.notCompared[section] += countValues(got);
  } else if (got === undefined) {
    result.unknown.push(path);
  } else if (isTree(expected) && isTree(got)) {
    for (const name of new Set([...Object.keys(got), ...Object.keys(expected)])) {
      compareValues(expected[name], got[name], `${path}.${name}`, section, tolerance, result);
    }
  } else {
    result.compared += 1;
    if (!agree(expected, got, tolerance)) result.disagreements.push({ path, expected, got });
  }
}

function agree(a: GoldenValue, b: GoldenValue, tolerance: number): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

function countValues(value: GoldenValue): number {
  return isTree(value) ? Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 0) : 1;
}

function isTree(value: GoldenValue): value is { readonly [name: string]: GoldenValue } {
  return typeof value === "object" && value !== null;
}
