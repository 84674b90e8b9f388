import type { Alert, NonDetection } from "@btsbot/alert";
import { recentLimits } from "../terminal/recentLimits.js";

/**
 * What a line of `btsbot score` has of the alert itself, beside its ids and scores.
 *
 * @internal
 */
export interface AlertLine {
  readonly magpsf: number | null;
  readonly fid: number;
  readonly sigmapsf: Alert["candidate"]["sigmapsf"];
  readonly isdiffpos: Alert["candidate"]["isdiffpos"];
  readonly limits: readonly NonDetection[];
}

/**
 * Takes it from an alert: what policies and pictures read. The threads of `--jobs` import this module.
 *
 * @internal
 */
export function describe(alert: Alert): AlertLine {
  const { magpsf, fid, sigmapsf, isdiffpos } = alert.candidate;
  return { magpsf: magpsf ?? null, fid, sigmapsf, isdiffpos, limits: recentLimits(alert) };
}
