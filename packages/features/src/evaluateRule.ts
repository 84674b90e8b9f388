import type { Alert, LightCurve } from "@btsbot/alert";
import { toEcliptic, toGalactic } from "@btsbot/sky";
import { findOwn } from "./findOwn.js";
import type { HistoryRule, PointField, Rule, SkyRule } from "./profileData.js";
import { fieldToNumber } from "./fieldToNumber.js";
import type { FeatureContext } from "./types.js";

/**
 * What the rules of one alert are evaluated in.
 *
 * @internal
 */
export interface RuleScope {
  readonly context: FeatureContext;
  /** The numbers of the features before, by name; undefined where one is missing. */
  readonly features: ReadonlyMap<string, number | undefined>;
  /** Set where a rule for what is missing stood in. */
  filled: boolean;
}

type Find<Key extends string> = Extract<Rule, Readonly<Partial<Record<Key, unknown>>>>;
/** A rule by the key that tells it from the others. */
type Evaluators = Readonly<Record<string, (rule: never, scope: RuleScope) => number | undefined>>;

/**
 * The number that a rule gives for an alert; undefined where it is missing.
 *
 * @internal
 */
export function evaluateRule(rule: Rule, scope: RuleScope): number | undefined {
  if (typeof rule === "number") return rule;
  if (typeof rule === "string") return readField(rule, scope);
  const found = EVALUATORS[keyOf(rule)](rule as never, scope);
  const missing = "missing" in rule ? rule.missing : undefined;
  if (found !== undefined || missing === undefined) return found;
  const instead = evaluateRule(missing, scope);
  if (instead !== undefined) scope.filled = true;
  return instead;
}

/** What the rule is one of. */
function keyOf(rule: Extract<Rule, object>): string {
  return Object.keys(rule).find((key) => Object.hasOwn(EVALUATORS, key))!;
}

const EVALUATORS = {
  field: ({ field, above = -Infinity, below = Infinity }: Find<"field">, scope) => {
    const value = readField(field, scope);
    const [low, high] = [evaluateRule(above, scope) ?? -Infinity, evaluateRule(below, scope) ?? Infinity];
    // NaN is above nothing: it stands for no value in documents that went through a table of floats.
    return value !== undefined && value > low && value < high ? value : undefined;
  },
  // A score that is given and is not a number is not the packet's to replace.
  realBogus: ({ realBogus }: Find<"realBogus">, scope) => scope.context.realBogus ?? readField(realBogus, scope),
  history: reduceHistory,
  sky: ({ sky }: SkyRule, scope) => {
    const [ra, dec] = [readField("ra", scope), readField("dec", scope)];
    return ra === undefined || dec === undefined ? undefined : COORDINATES[sky](ra, dec);
  },
  feature: ({ feature }: Find<"feature">, { features }) => features.get(feature),
  "+": ({ "+": rules }: Find<"+">, scope) => fold(rules, scope, (a, b) => a + b),
  "-": ({ "-": rules }: Find<"-">, scope) => fold(rules, scope, (a, b) => a - b),
  "*": ({ "*": rules }: Find<"*">, scope) => fold(rules, scope, (a, b) => a * b),
  "/": ({ "/": rules }: Find<"/">, scope) => fold(rules, scope, (a, b) => a / b),
  log10: ({ log10 }: Find<"log10">, scope) => apply(evaluateRule(log10, scope), Math.log10),
  abs: ({ abs }: Find<"abs">, scope) => apply(evaluateRule(abs, scope), Math.abs),
  min: ({ min }: Find<"min">, scope) => foldKnown(min, scope, Math.min),
  max: ({ max }: Find<"max">, scope) => foldKnown(max, scope, Math.max),
} satisfies Evaluators as Evaluators;

const COORDINATES: Readonly<Record<SkyRule["sky"], (ra: number, dec: number) => number>> = {
  ecl_lat: (ra, dec) => toEcliptic(ra, dec).latitude,
  ecl_long: (ra, dec) => toEcliptic(ra, dec).longitude,
  gal_lat: (ra, dec) => toGalactic(ra, dec).latitude,
  gal_long: (ra, dec) => toGalactic(ra, dec).longitude,
};

function apply(value: number | undefined, compute: (value: number) => number): number | undefined {
  return value === undefined ? undefined : compute(value);
}

type Fold = (a: number, b: number) => number;

function fold(rules: readonly Rule[], scope: RuleScope, join: Fold): number | undefined {
  const values = rules.map((rule) => evaluateRule(rule, scope));
  return values.every((value) => value !== undefined) ? values.reduce((a, b) => join(a, b)) : undefined;
}

function foldKnown(rules: readonly Rule[], scope: RuleScope, join: Fold): number | undefined {
  const values = rules
    .map((rule) => evaluateRule(rule, scope))
    .filter((value) => value !== undefined && !Number.isNaN(value)) as number[];
  return values.length > 0 ? values.reduce((a, b) => join(a, b)) : undefined;
}

/** A field of the candidate as a number; the sign of the subtraction as 1 or 0. */
function readField(field: string, { context }: RuleScope): number | undefined {
  if (field !== "isdiffpos") return fieldToNumber(context.alert.candidate[field]) ?? undefined;
  const positive = findOwn(context)?.positive;
  return positive == null ? undefined : Number(positive);
}

type Point = Readonly<Partial<Record<PointField, number | null>>> & { readonly positive?: boolean | null };

function reduceHistory(rule: HistoryRule, { context: { alert, history } }: RuleScope): number | undefined {
  const { history: reduction, of = "jd", by = "jd", points = "detections", fid, positive, within } = rule;
  const { jd: now } = alert.candidate;
  const isDetections = points === "detections";
  // What makes a point one of its kind: a history that was written by hand may hold others.
  const measured: PointField = isDetections ? "magpsf" : "diffmaglim";
  const known: readonly Point[] = isDetections ? withOwn(history.detections, alert) : history.nondetections;
  const found = known.filter((point) => {
    if (!(point.jd! <= now) || ![measured, of, by].every((field) => Number.isFinite(point[field]))) return false;
    if (fid !== undefined && point.fid !== fid) return false;
    if (positive !== undefined && point.positive !== positive) return false;
    return within === undefined || now - point.jd! <= within;
  });
  if (reduction === "count") return found.length;
  if (found.length === 0) return undefined;
  if (reduction === "median") return findMedian(found.map((point) => point[of]!));
  const [key, sign] = REDUCTIONS[reduction](of, by);
  return found.reduce((best, point) => (comesBefore(point, best, key, sign) ? point : best))[of]!;
}

/** By which field the point is chosen, and whether the least (1) or the greatest (-1) of it is. */
const REDUCTIONS = {
  min: (of) => [of, 1],
  max: (of) => [of, -1],
  first: (_, by) => [by, 1],
  last: (_, by) => [by, -1],
} satisfies Record<string, (of: PointField, by: PointField) => [PointField, 1 | -1]> as Readonly<
  Record<"min" | "max" | "first" | "last", (of: PointField, by: PointField) => [PointField, 1 | -1]>
>;

/** Whether a point is before the best so far by a field, or, of equal ones, the earlier. */
function comesBefore(point: Point, best: Point, key: PointField, sign: 1 | -1): boolean {
  const ahead = sign * (point[key]! - best[key]!);
  return ahead < 0 || (ahead === 0 && point.jd! < best.jd!);
}

function findMedian(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A history may lack the alert's own detection, which counts; and counts once. */
function withOwn(detections: LightCurve["detections"], alert: Alert): readonly Point[] {
  const { jd, fid, sigmapsf } = alert.candidate;
  const magpsf = fieldToNumber(alert.candidate.magpsf);
  if (magpsf === null || !Number.isFinite(magpsf)) return detections;
  const isThere = detections.some((point) => point.candid === alert.candid || (point.jd === jd && point.fid === fid));
  return isThere ? detections : [...detections, { jd, fid, magpsf, sigmapsf: sigmapsf ?? null, positive: null }];
}
