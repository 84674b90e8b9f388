import type { LightCurve } from "@btsbot/alert";
import type { LightCurvePoint } from "./types.js";

/**
 * What `drawLightCurve` draws of a source's light curve, as `toLightCurve` of `@btsbot/alert` gives it.
 *
 * @param curve - detections and upper limits
 * @param scores - the model's scores, 0 to 1, by the id of the alert; detections without one have no score
 * @returns the points, detections first; a detection whose sign is not known counts as positive
 *
 * @example
 * ```ts
 * import { drawLightCurve, toLightCurvePoints } from "@btsbot/report";
 *
 * const detection = { jd: 2460220.9, fid: 1, magpsf: 18.3, sigmapsf: 0.08, positive: true, candid: 7n, programid: 1 };
 * const nondetections = [{ jd: 2460218.9, fid: 2, diffmaglim: 20.1 }];
 * const points = toLightCurvePoints({ detections: [detection], nondetections }, new Map([[7n, 0.98]]));
 * points.map(({ magnitude, score }) => [magnitude, score]); // => [[18.3, 0.98], [20.1, undefined]]
 * drawLightCurve(points);
 * ```
 */
export function toLightCurvePoints(
  { detections, nondetections }: LightCurve,
  scores: ReadonlyMap<bigint, number | undefined> = new Map(),
): LightCurvePoint[] {
  return [
    ...detections.map(({ jd, magpsf, sigmapsf, fid, positive, candid }): LightCurvePoint => {
      const score = candid === null ? undefined : scores.get(candid);
      return {
        jd,
        magnitude: magpsf,
        fid,
        ...(sigmapsf !== null && { error: sigmapsf }),
        ...(score !== undefined && { score }),
        ...(positive === false && { isNegative: true }),
      };
    }),
    ...nondetections.map(({ jd, diffmaglim, fid }) => ({ jd, magnitude: diffmaglim, fid, isLimit: true })),
  ];
}
