import { encodeBase64 } from "./base64.js";
import { toExtendedJson } from "./extendedJson.js";
import { CANDIDATE_FIELDS, CUTOUT_FIELDS, FP_HIST_FIELDS, PRV_CANDIDATE_FIELDS } from "./fields.js";
import { toFieldMap } from "./readRecord.js";
import { toDocument } from "./toDocument.js";
import type { Alert, AlertJson, Cutout } from "./types.js";

const LISTS = { prv_candidates: toFieldMap(PRV_CANDIDATE_FIELDS), fp_hists: toFieldMap(FP_HIST_FIELDS) };
const CANDIDATE = toFieldMap(CANDIDATE_FIELDS);

/**
 * Makes a document of an alert that `JSON.stringify` can write, and that {@link toAlert} and
 * {@link parseAlertJson} read back equal.
 *
 * Ids become digit strings, stamps base64. What else JSON cannot hold is written as in MongoDB's
 * Extended JSON: NaN and infinities as `{"$numberDouble": "NaN"}`, unknown 64-bit integers as
 * `{"$numberLong": "…"}`, unknown bytes as `{"$binary": …}`.
 *
 * @param alert - the alert
 * @returns a new document
 *
 * @example
 * ```ts
 * import { toJson } from "@btsbot/alert";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 1127495406315015005n, candidate: { jd: 2458881.0, fid: 1 } };
 * JSON.parse(JSON.stringify(toJson(alert))).candid; // => "1127495406315015005"
 * ```
 */
export function toJson(alert: Alert): AlertJson {
  const document: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(toDocument(alert))) {
    // A nullish list or stamp stays what it is; undefined is left out by JSON.stringify as well.
    if (value === undefined) continue;
    if (name === "candid") document[name] = `${value}`;
    else if (name === "candidate") document[name] = writeRecord(value as object, CANDIDATE);
    else if (name in LISTS && Array.isArray(value)) document[name] = value.map((entry) => writeRecord(entry as object, LISTS[name as keyof typeof LISTS]));
    else if ((CUTOUT_FIELDS as readonly string[]).includes(name) && value !== null) document[name] = writeCutout(value as Cutout);
    else document[name] = toExtendedJson(value);
  }
  return document as unknown as AlertJson;
}

function writeRecord(record: object, table: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      typeof value === "bigint" && table.get(name) === "long" ? `${value}` : toExtendedJson(value),
    ]),
  );
}

function writeCutout({ fileName, stampData }: Cutout): Record<string, unknown> {
  return { ...(fileName !== undefined && { fileName }), stampData: encodeBase64(stampData) };
}
