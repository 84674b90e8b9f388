import { BtsbotError } from "@btsbot/errors";
import { isRecord } from "../packet/problems.js";
import type { PacketFields } from "../surveys/Survey.js";
import type { BrokerForm, CurvePart } from "./BrokerForm.js";

/** Letters of a server's message that an error shows. */
const MOST_LETTERS = 200;

/**
 * The answers of Fritz's, Kowalski's and BOOM's APIs: `{status, message?, data}`, where `data` is one alert, a list
 * of them, or, of a search around positions, lists by catalogue and position. An answer that is an error says so.
 *
 * Source: https://github.com/skyportal/kowalski, `kowalski/api/handlers`; https://github.com/cesium-ml/baselayer,
 * `app/handlers/base.py`.
 *
 * @example
 * ```ts
 * import { FRITZ, parseAlertJson } from "@btsbot/alert";
 *
 * const alert = '{"objectId": "ZTF20aajcdad", "candid": 1127495406315015005, "candidate": {"jd": 2458881, "fid": 1}}';
 * parseAlertJson(`{"status": "success", "data": [${alert}]}`, { forms: [FRITZ] }).candid; // => 1127495406315015005n
 * ```
 */
export const FRITZ: BrokerForm = { name: "fritz", open: openAnswer, readCurve };

/** A document of Kowalski's `ZTF_alerts_aux`: the history of a source, by its name, and no alert. */
function readCurve({ _id: objectId, prv_candidates: points, candidate, candid }: PacketFields): CurvePart | undefined {
  if (typeof objectId !== "string" || !Array.isArray(points) || candidate !== undefined || candid !== undefined)
    return undefined;
  const lacks =
    "Kowalski keeps the alerts of a source apart: /api/alerts of Fritz, ZTF_alerts in its database, have them.";
  return { what: "the history of a source, from Kowalski", lacks, objectId, points };
}

function openAnswer(document: PacketFields): readonly unknown[] | undefined {
  const { status, message, data, candidate } = document;
  if (typeof status !== "string" || candidate !== undefined) return undefined;
  if (status !== "error") return "data" in document ? toList(data) : undefined;
  throw new BtsbotError("alert-incomplete", "the answer of the broker's API is an error", {
    path: "message",
    got: typeof message === "string" ? message.slice(0, MOST_LETTERS) : "no message",
    hint: "Ask the API again; the alert itself is not here.",
  });
}

function toList(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data;
  if (!isRecord(data)) return [];
  // {catalogue: {position: [alerts]}}
  const lists = Object.values(data).flatMap((value) => (isRecord(value) ? Object.values(value) : [value]));
  const isSearch = data.objectId === undefined && lists.length > 0 && lists.every(Array.isArray);
  return isSearch ? lists.flat() : [data];
}
