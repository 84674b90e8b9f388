import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { parseExactJson } from "./parseExactJson.js";
import { toAlert } from "./toAlert.js";
import type { Alert } from "./types.js";

/**
 * Reads one alert from JSON text, with every 64-bit id exact: `JSON.parse` would round them.
 *
 * The bare words NaN and Infinity, which Python writes, are understood.
 *
 * @param text - a document, or an array that holds one, as Kowalski, Fritz or BOOM give it
 * @returns the alert
 * @throws BtsbotError `json-invalid`; `input-too-large` for more than the engine's strings hold;
 * `alert-count` for an array of another length than 1; those of {@link toAlert}
 *
 * @example
 * ```ts
 * import { parseAlertJson } from "@btsbot/alert";
 *
 * const alert = parseAlertJson(
 *   '{"objectId": "ZTF20aajcdad", "candid": 1127495406315015005, "candidate": {"jd": 2458881.0, "fid": 1}}',
 * );
 * alert.candid; // => 1127495406315015005n
 * ```
 */
export function parseAlertJson(text: string): Alert {
  const json = parseExactJson(text);
  if (!Array.isArray(json)) return toAlert(json);
  if (json.length !== 1) {
    throw new BtsbotError("alert-count", "the text does not hold exactly one alert", {
      expected: "1 alert",
      got: `${json.length}`,
    });
  }
  return toAlert(json[0]);
}

/**
 * {@link parseAlertJson} that returns its error.
 *
 * @param text - as there
 * @returns the alert or the error
 *
 * @example
 * ```ts
 * import { safeParseAlertJson } from "@btsbot/alert";
 *
 * safeParseAlertJson("{}").success; // => false
 * ```
 */
export function safeParseAlertJson(text: string): SafeResult<Alert> {
  return toSafe(() => parseAlertJson(text));
}
