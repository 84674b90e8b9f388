import { isPositive } from "@btsbot/alert";
import type { LightCurvePoint } from "@btsbot/report";
import { isAbsent, toNumber } from "@btsbot/tables";
import type { Row } from "@btsbot/tables";

/**
 * What pictures show of an alert beside its magnitude.
 *
 * @internal
 */
export type AlertPhotometry = Pick<LightCurvePoint, "error" | "isNegative">;

/**
 * Reads the error and the sign of an alert's magnitude. Nothing is decided by them: a value that cannot be used is left out.
 *
 * @internal
 */
export function readPhotometry(row: Row): AlertPhotometry {
  const error = toNumber(row.get("sigmapsf"));
  const sign = row.get("isdiffpos");
  const isNegative = typeof sign === "object" ? false : isPositive(sign as string | undefined) === false;
  return { ...(error !== undefined && error >= 0 && { error }), ...(isNegative && { isNegative }) };
}

/**
 * Reads the upper limits that come with an alert, or the one that a row without a magnitude is.
 *
 * @internal
 */
export function readLimits(row: Row): LightCurvePoint[] {
  const listed = row.get("limits");
  if (Array.isArray(listed))
    return listed.flatMap((each) => readLimit((name) => (each as Record<string, unknown> | null)?.[name]));
  return isAbsent(row.get("magpsf")) ? readLimit((name) => row.get(name)) : [];
}

function readLimit(get: (name: string) => unknown): LightCurvePoint[] {
  const [jd, fid, magnitude] = ["jd", "fid", "diffmaglim"].map((name) => toNumber(get(name)));
  if (jd === undefined || magnitude === undefined) return [];
  return [{ jd, magnitude, ...(fid !== undefined && { fid }), isLimit: true }];
}
