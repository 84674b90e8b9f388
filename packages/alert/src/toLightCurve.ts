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
  const points = [
    currentPoint(alert),
    ...(alert.prv_candidates ?? []),
    ...stored.flatMap((entry) => pointsOf(entry, alert.objectId)),
  ];
  const past = points.filter(({ jd }) => jd <= alert.candidate.jd);
  return { detections: findDetections(past), nondetections: findLimits(past) };
}

/** What a light curve reads of a point. */
type Point = {
  readonly [
    K in keyof Pick<
      StoredPoint,
      "candid" | "jd" | "fid" | "magpsf" | "sigmapsf" | "diffmaglim" | "isdiffpos" | "programid"
    >
  ]: StoredPoint[K] | undefined;
} & Pick<StoredPoint, "jd" | "fid">;

function pointsOf(entry: Alert | StoredPoint, objectId: string): readonly Point[] {
  if (entry.objectId !== undefined && entry.objectId !== objectId) return [];
  if (!isAlert(entry)) return [entry];
  return [currentPoint(entry), ...(entry.prv_candidates ?? [])];
}

/** What a light curve reads of an alert's own detection: a copy of its hundred fields takes as long as all of the rest. */
function currentPoint({ candid, candidate }: Alert): Point {
  const { jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid } = candidate;
  return { candid, jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, programid };
}

function isAlert(entry: Alert | StoredPoint): entry is Alert {
  return typeof entry.candidate === "object" && entry.candidate !== null;
}

function findDetections(points: readonly Point[]): Detection[] {
  const ids = new Set<bigint>();
  const exposures = new Exposures();
  const detections: Detection[] = [];
  // Those with an id first: what has none is the same point if the exposure is.
  const detected = points.filter(isDetected);
  for (const point of [...detected.filter(hasId), ...detected.filter(hasNoId)]) {
    if (point.candid == null ? exposures.has(point) : ids.has(point.candid)) continue;
    exposures.add(point);
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

function findLimits(points: readonly Point[]): NonDetection[] {
  const exposures = new Exposures();
  const limits: NonDetection[] = [];
  for (const point of points) {
    if (isFinite(point.magpsf) || !isFinite(point.diffmaglim) || exposures.has(point)) continue;
    exposures.add(point);
    limits.push({ jd: point.jd, fid: point.fid, diffmaglim: point.diffmaglim as number });
  }
  return limits.sort((a, b) => a.jd - b.jd);
}

/** Exposures of a source: two points of it in the same one are the same point. */
class Exposures {
  /** The times in each band. A text of both as the key would take most of the time that a light curve does. */
  private readonly times = new Map<number, Set<number>>();

  has({ jd, fid }: Point): boolean {
    return this.times.get(fid)?.has(jd) ?? false;
  }

  add({ jd, fid }: Point): void {
    const times = this.times.get(fid);
    if (times === undefined) this.times.set(fid, new Set([jd]));
    else times.add(jd);
  }
}

// Functions that stay: V8 drops the compiled code of one made for a call with the next garbage, and compiles it again.

function isDetected({ magpsf }: Point): boolean {
  return isFinite(magpsf);
}

function hasId({ candid }: Point): boolean {
  return candid != null;
}

function hasNoId({ candid }: Point): boolean {
  return candid == null;
}

/** Also NaN stands for no value: documents that went through a table of floats have it. */
function isFinite(value: unknown): boolean {
  return Number.isFinite(value);
}
