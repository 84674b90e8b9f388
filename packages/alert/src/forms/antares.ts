import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm, CurvePart } from "./BrokerForm.js";

const LACKS =
  "ANTARES' API gives light curves, and thumbnails in place of stamps: the packet itself is in the survey's archive, or with a broker that keeps packets.";
/** What ANTARES puts before the names of ZTF's packets. */
const PREFIX = "ztf_";

/**
 * What ANTARES' API says of loci: their alerts and upper limits of ZTF, `{data: [{type: "alert", attributes}]}`,
 * and loci. No alerts of the survey: `parseLightCurves` reads them.
 *
 * Source: https://api.antares.noirlab.edu/v1, `/loci/{id}/alerts`.
 *
 * @example
 * ```ts
 * import { ANTARES } from "@btsbot/alert";
 *
 * const properties = { ztf_object_id: "ZTF20aajcdad", ztf_jd: 2458881, ztf_fid: 1, ztf_magpsf: 18.5 };
 * ANTARES.readCurve!({ type: "alert", attributes: { properties } })!.objectId; // => "ZTF20aajcdad"
 * ```
 */
export const ANTARES: BrokerForm = {
  name: "antares",
  open: ({ data, status }) => (Array.isArray(data) && status === undefined && data.some(isResource) ? data : undefined),
  readCurve,
};

/** Whether a value is a resource of JSON:API, https://jsonapi.org/format/#document-resource-objects. */
function isResource(value: unknown): value is PacketFields {
  return isRecord(value) && typeof value.type === "string" && isRecord(value.attributes);
}

function readCurve(document: PacketFields): CurvePart | undefined {
  const resource = isRecord(document.data) ? document.data : document;
  if (!isResource(resource)) return undefined;
  const { properties } = resource.attributes as PacketFields;
  if (!isRecord(properties)) return undefined;
  const { ztf_object_id: name } = properties;
  const objectId = typeof name === "string" ? { objectId: name } : {};
  if (resource.type !== "alert") {
    const lacks = `${LACKS} Its light curve is at /loci/ID/alerts.`;
    return { what: "a locus of ANTARES", lacks, ...objectId, points: [] };
  }
  const fields = Object.entries(properties).filter(([field]) => field.startsWith(PREFIX));
  const point = Object.fromEntries(fields.map(([field, value]) => [field.slice(PREFIX.length), value]));
  return { what: "alerts of a locus of ANTARES", lacks: LACKS, ...objectId, points: [point] };
}
