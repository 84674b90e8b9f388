import { isPositive } from "./isPositive.js";
import type { Alert, Detection, LightCurve, NonDetection, StoredPoint } from "./types.js";

/**
 * Merges what is known of a source up to an alert: the alert's own detection, the last 30 days that
 * its packet holds, and stored history.
 *
 * The rule is that of BTSbot's training (Rehemtulla et al. 2024, ApJ 972, 7;
 * nabeelre/BTSbot, compute_features): detections of all programs, bands and signs with `jd` up to the alert's,
 * the current one included, and no forced photometry. A detection is a point with a finite `magpsf`; a point
 * without one and with a finite `diffmaglim` is an upper limit. A point that comes twice counts
 * once: the same `candid`, or, where one of the two has none, the same `jd` and `fid`. Points of
 * another source, or of a later `jd`, never get in.
 *
 * @param alert - the alert
 * @param stored - what else is known: other alerts of the source, which bring their own 30 days, and
 * points such as a broker's `prv_candidates`
 * @returns detections and upper limits, each by `jd`, earliest first
 *
 * @example
 * ```ts
 * import { toLightCurve } from "@btsbot/alert";
 *
 * const curve = toLightCurve({
 *   objectId: "ZTF20aajcdad",
 *   candid: 2n,
 *   candidate: { jd: 2458881.0, fid: 1, magpsf: 18.2 },
 *   prv_candidates: [
 *     { jd: 2458878.0, fid: 2, diffmaglim: 20.1 },
 *     { jd: 2458879.0, fid: 1, candid: 1n, magpsf: 18.9, isdiffpos: "t" },
 *   ],
 * });
 * curve.detections.map(({ magpsf }) => magpsf); // => [18.9, 18.2]
 * curve.nondetections.length; // => 1
 * ```
 */
export function toLightCurve(alert: Alert, stored: readonly (Alert | StoredPoint)[] = []): LightCurve {
  const own: StoredPoint = { ...alert.candidate, candid: alert.candid };
  const points = [own, ...(alert.prv_candidates ?? []), ...stored.flatMap((entry) => pointsOf(entry, alert.objectId))];
  const past = points.filter(({ jd }) => jd <= alert.candidate.jd);
  return { detections: findDetections(past), nondetections: findLimits(past) };
}

function pointsOf(entry: Alert | StoredPoint, objectId: string): readonly StoredPoint[] {
  if (entry.objectId !== undefined && entry.objectId !== objectId) return [];
  if (!isAlert(entry)) return [entry];
  return [{ ...entry.candidate, candid: entry.candid }, ...(entry.prv_candidates ?? [])];
}

function isAlert(entry: Alert | StoredPoint): entry is Alert {
  return typeof entry.candidate === "object" && entry.candidate !== null;
}

function findDetections(points: readonly StoredPoint[]): Detection[] {
  const ids = new Set<bigint>();
  const exposures = new Set<string>();
  const detections: Detection[] = [];
  // Those with an id first: what has none is the same point if the exposure is.
  const detected = points.filter(({ magpsf }) => isFinite(magpsf));
  for (const point of [...detected.filter(({ candid }) => candid != null), ...detected.filter(({ candid }) => candid == null)]) {
    const exposure = exposureOf(point);
    if (point.candid == null ? exposures.has(exposure) : ids.has(point.candid)) continue;
    exposures.add(exposure);
    if (point.candid != null) ids.add(point.candid);
    detections.push({
      jd: point.jd,
      fid: point.fid,
      magpsf: point.magpsf as number,
      sigmapsf: point.sigmapsf ?? null,
      positive: isPositive(point.isdiffpos),
      candid: point.candid ?? null,
      programid: point.programid ?? null,
    });
  }
  return detections.sort((a, b) => a.jd - b.jd);
}

function findLimits(points: readonly StoredPoint[]): NonDetection[] {
  const limits = new Map<string, NonDetection>();
  for (const point of points) {
    const exposure = exposureOf(point);
    if (isFinite(point.magpsf) || !isFinite(point.diffmaglim) || limits.has(exposure)) continue;
    limits.set(exposure, { jd: point.jd, fid: point.fid, diffmaglim: point.diffmaglim as number });
  }
  return [...limits.values()].sort((a, b) => a.jd - b.jd);
}

/** Two points of one source in the same exposure are the same point. */
function exposureOf({ jd, fid }: StoredPoint): string {
  return `${jd}/${fid}`;
}

/** Also NaN stands for no value: documents that went through a table of floats have it. */
function isFinite(value: unknown): boolean {
  return Number.isFinite(value);
}
