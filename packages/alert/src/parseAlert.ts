import { BtsbotError, toSafe } from "@btsbot/errors";
import type { Bytes, SafeResult } from "@btsbot/errors";
import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { iterateAlerts } from "./readAlerts.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions } from "./types.js";

/**
 * Reads the one alert of an input: a packet as the survey sends it.
 *
 * @param bytes - an Avro container, a Confluent-framed message or JSON, in any form that bytes have
 * @param options - schemas of framed messages, limits, surveys and brokers' forms
 * @returns the alert
 * @throws BtsbotError `alert-count` if the input holds none, or more than one; those of
 * {@link parseAlerts}
 *
 * @example
 * ```ts
 * import { parseAlert } from "@btsbot/alert";
 *
 * const text = '{"objectId": "ZTF20aajcdad", "candid": 1127495406315015005, "candidate": {"jd": 2458881.0, "fid": 1}}';
 * parseAlert(new TextEncoder().encode(text)).candid; // => 1127495406315015005n
 * ```
 */
export function parseAlert(bytes: Bytes, options: ReadOptions = {}): Alert {
  checkReadOptions("parseAlert", options, READ_OPTIONS);
  return takeOne(iterateAlerts(bytes, options));
}

/** The one alert of an input's outcomes. */
export function takeOne(outcomes: Iterator<SafeResult<Alert>, void, void>): Alert {
  const first = outcomes.next();
  if (first.done) throw otherCount("none");
  const second = outcomes.next();
  // A record and then damage: the damage is the news.
  if (!second.done && !second.value.success && second.value.error.code !== "alert-invalid") throw second.value.error;
  if (!first.value.success) throw first.value.error;
  if (second.done) return first.value.data;
  throw otherCount("more than one");
}

/**
 * {@link parseAlert} that returns its error.
 *
 * @param bytes - as there
 * @param options - as there
 * @returns the alert or the error
 *
 * @example
 * ```ts
 * import { safeParseAlert } from "@btsbot/alert";
 *
 * const result = safeParseAlert(new TextEncoder().encode("SIMPLE  ="));
 * result.success ? "" : result.error.code; // => "input-unrecognized"
 * ```
 */
export function safeParseAlert(bytes: Bytes, options: ReadOptions = {}): SafeResult<Alert> {
  checkReadOptions("safeParseAlert", options, READ_OPTIONS);
  return toSafe(() => parseAlert(bytes, options));
}

function otherCount(got: string): BtsbotError {
  return new BtsbotError("alert-count", "the input does not hold exactly one alert", {
    expected: "1 alert",
    got,
    hint: "Use parseAlerts or readAlerts for files with many.",
  });
}
