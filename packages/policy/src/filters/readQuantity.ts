import type { Alert, LightCurve } from "@btsbot/alert";
import { onePerExposure } from "../exposures/groupExposures.js";
import { computeDerived, DERIVED } from "./computeDerived.js";
import { readField } from "./readField.js";
import { describeSelection, selectPoints } from "./selectPoints.js";
import type { Quantity } from "./types.js";

/** What stands for a magnitude that no field and no detection has: fainter than any. As in the filters of dperley/ztf-bts-filters. */
const NO_MAGNITUDE = 99;

/** A field of PS1 magnitudes holds one if it lies between these, mag: rcf2020.py in dperley/ztf-bts-filters. */
const MAGNITUDES = { above: 0, below: 30 };

/** What a rule looks at, and what is noted meanwhile. */
export interface FilterContext {
  /** The alert. */
  readonly alert: Alert;
  /** Scores by the model's name. */
  readonly scores: Readonly<Record<string, number>>;
  /** The history up to the alert; made when first asked for. */
  readonly history: () => LightCurve;
  /** Numbers looked at, by label; null where missing. */
  readonly seen: Map<string, number | null>;
}

/**
 * What a quantity is called in reasons.
 *
 * @internal
 */
export function labelOf(quantity: Quantity): string {
  if (typeof quantity === "number") return String(quantity);
  if (typeof quantity === "string") return quantity;
  if ("score" in quantity) return `score ${quantity.score}`;
  if ("abs" in quantity) return `|${labelOf(quantity.abs)}|`;
  if ("minus" in quantity) return quantity.minus.map(labelOf).join(" - ");
  if ("firstOf" in quantity) return `first of ${quantity.firstOf.join(", ")}`;
  if ("brightestOf" in quantity) return `brightest of ${quantity.brightestOf.join(", ")}`;
  if ("count" in quantity) return describeSelection(quantity.count);
  return `peak of ${describeSelection(quantity.peak)}`;
}

/**
 * The number that a quantity stands for; undefined where it is missing. What was read for it is noted in `seen`.
 *
 * @internal
 */
export function readQuantity(quantity: Quantity, context: FilterContext): number | undefined {
  if (typeof quantity === "number") return quantity;
  if (typeof quantity === "string") return note(quantity, readNamed(quantity, context), context);
  if ("abs" in quantity) {
    const value = readQuantity(quantity.abs, context);
    return value === undefined ? undefined : Math.abs(value);
  }
  if ("minus" in quantity) {
    const [a, b] = quantity.minus.map((part) => readQuantity(part, context));
    return a === undefined || b === undefined ? undefined : a - b;
  }
  if ("score" in quantity) return note(labelOf(quantity), readScore(quantity.score, context), context);
  if ("firstOf" in quantity) return magnitudes(quantity.firstOf, context)[0] ?? NO_MAGNITUDE;
  if ("brightestOf" in quantity) return Math.min(NO_MAGNITUDE, ...magnitudes(quantity.brightestOf, context));
  return note(labelOf(quantity), readHistory(quantity, context), context);
}

function readHistory(
  quantity: Extract<Quantity, { count: unknown } | { peak: unknown }>,
  context: FilterContext,
): number {
  const points = selectPoints("count" in quantity ? quantity.count : quantity.peak, context.alert, context.history());
  // One is one however many copies it has: most rules ask for no more.
  if ("count" in quantity)
    return points.length < 2 || quantity.count.countedBy === "candids" ? points.length : onePerExposure(points).length;
  return points.reduce((least, point) => ("magpsf" in point ? Math.min(least, point.magpsf) : least), NO_MAGNITUDE);
}

function readNamed(name: string, { alert }: FilterContext): number | undefined {
  return DERIVED.includes(name) ? computeDerived(name, alert) : readField(alert, name);
}

function readScore(name: string, { scores }: FilterContext): number | undefined {
  const score = Object.hasOwn(scores, name) ? scores[name] : undefined;
  return Number.isFinite(score) ? score : undefined;
}

function magnitudes(fields: readonly string[], context: FilterContext): number[] {
  return fields.flatMap((field) => {
    const value = readQuantity(field, context);
    return value !== undefined && value > MAGNITUDES.above && value < MAGNITUDES.below ? [value] : [];
  });
}

function note(label: string, value: number | undefined, { seen }: FilterContext): number | undefined {
  seen.set(label, value ?? null);
  return value;
}
