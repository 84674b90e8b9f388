import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm, CurvePart } from "./BrokerForm.js";

const LACKS =
  "ALeRCE's API gives light curves: the packet with its stamps is at https://avro.alerce.online, by the source's name and candid.";
/** Fields that ALeRCE puts to a packet's. */
const OWN_FIELDS = ["tid", "sid", "oid", "has_stamp", "corrected"];

/**
 * What ALeRCE's API says of ZTF's objects: detections, upper limits, light curves of both, and objects. No alerts:
 * `parseLightCurves` reads them. Magnitudes are those of the difference, `magpsf`, and not the corrected ones.
 *
 * Source: https://api.alerce.online/ztf/v1, `/objects/{oid}/detections` and its neighbours.
 *
 * @example
 * ```ts
 * import { ALERCE } from "@btsbot/alert";
 *
 * ALERCE.readCurve!({ tid: "ztf", mjd: 58288.3778704, fid: 1, magpsf: 18.77 })!.what; // => "a detection of ALeRCE's API"
 * ```
 */
export const ALERCE: BrokerForm = { name: "alerce", readCurve };

function readCurve(document: PacketFields): CurvePart | undefined {
  const { oid, detections, non_detections: limits, mjd, fid } = document;
  const name = typeof oid === "string" ? { objectId: oid } : {};
  if (Array.isArray(detections) && Array.isArray(limits)) {
    const points = [...(detections as unknown[]), ...(limits as unknown[])];
    return { what: "a light curve of ALeRCE's API", lacks: LACKS, ...name, points };
  }
  if (!OWN_FIELDS.some((field) => document[field] !== undefined) || document.candidate !== undefined) return undefined;
  if (mjd != null && fid != null) {
    const what = document.magpsf == null ? "an upper limit of ALeRCE's API" : "a detection of ALeRCE's API";
    return { what, lacks: LACKS, ...name, points: [document] };
  }
  return "oid" in document && "firstmjd" in document
    ? {
        what: "an object of ALeRCE's API",
        lacks: `${LACKS} Its detections are at /objects/NAME/lightcurve.`,
        ...name,
        points: [],
      }
    : undefined;
}
