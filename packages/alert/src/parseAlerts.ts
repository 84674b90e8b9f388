import { BtsbotError, toSafe } from "@btsbot/errors";
import type { Bytes, Problem, SafeResult } from "@btsbot/errors";
import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { iterateAlerts } from "./readAlerts.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions } from "./types.js";

/** Problems after which no more are gathered. */
const MOST_PROBLEMS = 1000;

/**
 * Reads all alerts of an input; all of them must be good. {@link readAlerts} gives each its own
 * outcome instead.
 *
 * @param bytes - an Avro container, a Confluent-framed message or JSON, in any form that bytes have
 * @param options - schemas of framed messages, limits, surveys and brokers' forms
 * @returns the alerts, in the input's order; none for a container without records
 * @throws BtsbotError with every problem of the input, a thousand at most: `input-empty`, `input-unrecognized`,
 * `input-too-large`, `json-invalid`, `avro-…`, `confluent-…`, and those of {@link toAlert}. Where the input holds more
 * than one record, paths begin with the record's index: `[3].candidate.jd`
 *
 * @example
 * ```ts
 * import { encodeAlerts, parseAlerts } from "@btsbot/alert";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 1127495406315015005n, candidate: { jd: 2458881.0, fid: 1 } };
 * const bytes = encodeAlerts([alert, alert], { codec: "snappy" });
 * parseAlerts(bytes).length; // => 2
 * ```
 */
export function parseAlerts(bytes: Bytes, options: ReadOptions = {}): Alert[] {
  checkReadOptions("parseAlerts", options, READ_OPTIONS);
  const alerts: Alert[] = [];
  const errors: { readonly index: number; readonly error: BtsbotError }[] = [];
  let [index, problems] = [0, 0];
  for (const outcome of iterateAlerts(bytes, options)) {
    if (outcome.success) alerts.push(outcome.data);
    else if (problems < MOST_PROBLEMS) {
      errors.push({ index, error: outcome.error });
      problems += outcome.error.problems.length;
    }
    // One bad alert, and the others are of no use here.
    if (problems > 0) alerts.length = 0;
    index += 1;
  }
  if (errors.length === 0) return alerts;
  if (index === 1) throw errors[0].error;
  throw new BtsbotError(
    errors.flatMap(({ index, error }) => error.problems.map((problem) => ofRecord(problem, index))),
  );
}

/**
 * {@link parseAlerts} that returns its error.
 *
 * @param bytes - as there
 * @param options - as there
 * @returns the alerts or the error
 *
 * @example
 * ```ts
 * import { safeParseAlerts } from "@btsbot/alert";
 *
 * const result = safeParseAlerts(new Uint8Array(0));
 * result.success ? "" : result.error.code; // => "input-empty"
 * ```
 */
export function safeParseAlerts(bytes: Bytes, options: ReadOptions = {}): SafeResult<Alert[]> {
  checkReadOptions("safeParseAlerts", options, READ_OPTIONS);
  return toSafe(() => parseAlerts(bytes, options));
}

/** A problem of one record, placed among the others. Damage to the container has a place of its own. */
function ofRecord(problem: Problem, index: number): Problem {
  if (problem.code !== "alert-invalid" && problem.code !== "integer-unsafe") return problem;
  const place = `[${index}]`;
  const { path, message } = problem;
  return path === undefined
    ? { ...problem, path: place, message: `${place}: ${message}` }
    : { ...problem, path: `${place}.${path}`, message: `${place}.${message}` };
}
