import { BtsbotError, toSafe } from "@btsbot/errors";
import type { OptionNames, SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { Budget } from "./inputs/Budget.js";
import { takeOne } from "./parseAlert.js";
import { toBounds } from "./inputs/readLimits.js";
import { readDocuments } from "./json/readJson.js";
import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { readEach } from "./inputs/readSteps.js";
import { toForms } from "./packet/toForms.js";
import { FORM_OPTIONS, READ_OPTIONS } from "./types.js";
import type { Alert, FormOptions, ReadOptions } from "./types.js";

/** Options of `parseAlertJson`. */
export interface JsonOptions extends FormOptions, Pick<ReadOptions, "limits"> {}

const JSON_OPTIONS: OptionNames<JsonOptions> = { ...FORM_OPTIONS, limits: READ_OPTIONS.limits };

/**
 * Reads one alert from JSON text, with every 64-bit id exact: `JSON.parse` would round them.
 *
 * The bare words NaN and Infinity, which Python writes, are understood.
 *
 * @param text - a document, or an array that holds one, as Kowalski, Fritz or BOOM give it
 * @param options - what the document may decode to, surveys and brokers' forms
 * @returns the alert
 * @throws BtsbotError `json-invalid`; `input-too-large` for more bytes than `limits.bytes`; `limit-exceeded` for more
 * values than `limits.values`, or more than 64 levels of nesting; `input-invalid` if it is not a string;
 * `alert-count` for an array whose length is not 1; those of {@link toAlert}
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
export function parseAlertJson(text: string, options: JsonOptions = {}): Alert {
  // Given to `map`, it gets an index in their place.
  const given = typeof options === "object" ? options : {};
  checkReadOptions("parseAlertJson", given, JSON_OPTIONS);
  if (typeof text !== "string") {
    throw new BtsbotError("input-invalid", "this is not text", {
      expected: "JSON as a string",
      got: Object.prototype.toString.call(text).slice(8, -1),
      hint: "Give bytes to parseAlert, and an object to toAlert.",
    });
  }
  return takeOne(readText(text, given));
}

function* readText(text: string, options: JsonOptions): Generator<SafeResult<Alert>, void, void> {
  const bounds = toBounds(options);
  // A text of more letters than bytes allowed need not be encoded to be refused.
  const bytes = new TextEncoder().encode(text.slice(0, bounds.bytes + 1));
  const forms = toForms(options);
  const read = (document: unknown) => readEach(document, forms);
  for (const step of readDocuments(new ByteWindow(bytes), new Budget(bounds), read))
    if (step !== NEED_BYTES) yield step;
}

/**
 * {@link parseAlertJson} that returns its error.
 *
 * @param text - as there
 * @param options - as there
 * @returns the alert or the error
 *
 * @example
 * ```ts
 * import { safeParseAlertJson } from "@btsbot/alert";
 *
 * safeParseAlertJson("{}").success; // => false
 * ```
 */
export function safeParseAlertJson(text: string, options: JsonOptions = {}): SafeResult<Alert> {
  checkReadOptions("safeParseAlertJson", options, JSON_OPTIONS);
  return toSafe(() => parseAlertJson(text, options));
}
