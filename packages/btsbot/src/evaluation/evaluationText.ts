import { countOf } from "@btsbot/errors";
import type { ConfidenceInterval, SourceEvaluation } from "@btsbot/evaluate";
import type { Policy } from "@btsbot/policy";

/** What stands where a figure is not defined. */
const NONE = "–";

/**
 * A fraction in per cent, with its interval where there is room: `84.6 (81.5-87.2)`.
 *
 * @internal
 */
export function formatRate(fraction: number | undefined, interval?: ConfidenceInterval): string {
  return withInterval(fraction, interval, (each) => (100 * each).toFixed(1));
}

/**
 * Days with sign and two digits, with their interval: `-0.04 (-0.05 to -0.03)`.
 *
 * @internal
 */
export function formatDays(days: number | undefined, interval?: ConfidenceInterval): string {
  return withInterval(days, interval, (each) => each.toFixed(2), " to ");
}

/**
 * A number with so many digits after the point, or a dash.
 *
 * @internal
 */
export function formatNumber(value: number | undefined, digits: number, interval?: ConfidenceInterval): string {
  return withInterval(value, interval, (each) => each.toFixed(digits));
}

/**
 * The interval of a figure on a line of its own, for tables that are wide.
 *
 * @internal
 */
export function breakInterval(text: string): string {
  return text.replace(" (", "\n(");
}

function withInterval(
  value: number | undefined,
  interval: ConfidenceInterval | undefined,
  format: (value: number) => string,
  between = "-",
): string {
  if (value === undefined) return NONE;
  return interval === undefined
    ? format(value)
    : `${format(value)} (${format(interval.low)}${between}${format(interval.high)})`;
}

/**
 * A policy's rule in words.
 *
 * @internal
 */
export function describePolicy({ require, action, priority }: Policy): string {
  const rules = require.map(({ count, where }) => {
    const conditions = where.map(({ field, is, value }) => `${field} ${is} ${JSON.stringify(value)}`);
    return `${countOf(count, "alert")}${conditions.length > 0 ? ` with ${conditions.join(" and ")}` : ""}`;
  });
  return `${action}${priority === undefined ? "" : ` at priority ${priority}`}: at least ${rules.join(", and at least ")}`;
}

/**
 * Which sources do not count, in one sentence.
 *
 * @internal
 */
export function describeExclusions({ excluded, withoutTruth, withoutAlerts }: SourceEvaluation): string {
  const parts = excluded.map(({ rule, objectIds }) => `${objectIds.length} ${rule}`);
  const rest = [`${withoutTruth.length} without truth`, `${withoutAlerts.length} without alerts`];
  return `Sources left out: ${[...parts, ...rest].join(", ")}.`;
}
