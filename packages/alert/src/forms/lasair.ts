import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm, CurvePart } from "./BrokerForm.js";

const LACKS =
  "Lasair's API gives light curves, and addresses of stamps: the packet itself is in the survey's archive, or with a broker that keeps packets.";

/**
 * What Lasair's API says of ZTF's objects: an object with its light curve, and the names that a search around a
 * position finds. No alerts: `parseLightCurves` reads them.
 *
 * Source: https://lasair-ztf.lsst.ac.uk/api, methods `object`, `lightcurves` and `cone`.
 *
 * @example
 * ```ts
 * import { LASAIR } from "@btsbot/alert";
 *
 * const candidates = [{ jd: 2458881, fid: 1, magpsf: 18.5, isdiffpos: "t" }];
 * LASAIR.readCurve!({ objectId: "ZTF20aajcdad", objectData: {}, candidates })!.points.length; // => 1
 * ```
 */
export const LASAIR: BrokerForm = { name: "lasair", readCurve };

function readCurve(document: PacketFields): CurvePart | undefined {
  const { object, objectId, separation, candidates, noncandidates } = document;
  if (typeof object === "string" && separation != null) {
    const lacks = `${LACKS} Its method object has the light curve of a name.`;
    return { what: "a search of Lasair's API, names without light curves", lacks, objectId: object, points: [] };
  }
  if (!Array.isArray(candidates) || document.candidate !== undefined) return undefined;
  const points = [candidates, noncandidates].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return {
    what: "an object of Lasair's API",
    lacks: LACKS,
    ...(typeof objectId === "string" && { objectId }),
    points,
  };
}
