import { encodeBase64 } from "./json/base64.js";
import { toExtendedJson } from "./json/extendedJson.js";
import { CUTOUT_FIELDS } from "./packet/alertFields.js";
import { toDocument } from "./packet/toDocument.js";
import { prepareSurvey } from "./packet/prepareSurvey.js";
import type { PreparedRecord } from "./packet/prepareSurvey.js";
import { ZTF } from "./surveys/ztf/ztf.js";
import type { Alert, AlertJson, Cutout } from "./types.js";

/** An alert has the names of ZTF's packets, of whatever survey it is. */
const { records: RECORDS } = prepareSurvey(ZTF);

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
 * @throws BtsbotError `limit-exceeded` where a field that the survey does not have nests more than 64 levels deep, or
 * holds itself: `JSON.stringify` could not write it
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
  // Undefined is left out by JSON.stringify as well.
  const given = Object.entries(toDocument(alert)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, writeField(name, value)])) as unknown as AlertJson;
}

/** A field at the top. A nullish list or stamp stays what it is. */
function writeField(name: string, value: unknown): unknown {
  if (name === "candid") return `${value as bigint}`;
  const record = RECORDS.get(name);
  if (record && Array.isArray(value)) return value.map((entry) => writeRecord(entry as object, record, name));
  if (record && name === ZTF.detection) return writeRecord(value as object, record, name);
  if ((CUTOUT_FIELDS as readonly string[]).includes(name) && value !== null) return writeCutout(value as Cutout);
  return toExtendedJson(value, name);
}

function writeRecord(record: object, { kinds }: PreparedRecord, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      typeof value === "bigint" && kinds.get(name) === "long" ? `${value}` : toExtendedJson(value, `${path}.${name}`),
    ]),
  );
}

function writeCutout({ fileName, stampData }: Cutout): Record<string, unknown> {
  return { ...(fileName !== undefined && { fileName }), stampData: encodeBase64(stampData) };
}
