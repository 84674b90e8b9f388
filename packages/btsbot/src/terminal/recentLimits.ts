import type { Alert, NonDetection } from "@btsbot/alert";

/**
 * The upper limits of an alert's history since the detection before it, or all where there is none: so that the alerts of a
 * source together hold each once.
 *
 * @internal
 */
export function recentLimits({ candidate, prv_candidates }: Alert): NonDetection[] {
  const before = (prv_candidates ?? []).filter(({ jd }) => jd < candidate.jd);
  const last = before.reduce(
    (latest, { jd, magpsf }) => (Number.isFinite(magpsf) ? Math.max(latest, jd) : latest),
    -Infinity,
  );
  return before
    .filter(({ jd, magpsf, diffmaglim }) => jd > last && !Number.isFinite(magpsf) && Number.isFinite(diffmaglim))
    .map(({ jd, fid, diffmaglim }) => ({ jd, fid, diffmaglim: diffmaglim! }));
}
