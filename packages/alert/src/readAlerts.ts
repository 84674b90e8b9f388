import { toSafe } from "@btsbot/errors";
import type { Bytes, SafeResult } from "@btsbot/errors";
import { checkReadOptions } from "./inputs/checkReadOptions.js";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { readSteps } from "./inputs/readSteps.js";
import { toInput } from "./inputs/toInput.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions } from "./types.js";

/**
 * Reads the alerts of an input one by one, each with its own outcome.
 *
 * The bytes are recognised by how they begin: an Avro object container (`Obj` 0x01), a
 * Confluent-framed message (0x00), JSON text (a document, an array of them, or either on each line), or lines of base64,
 * each of which is one of the others.
 * A record that is not an alert, or a line that is not JSON, gives its error, and the others go on.
 * Damage to the container, or to an array, gives the alerts before it, then the error, and ends. Where a
 * container ends, another may follow.
 *
 * A text is read line by line if its first line is JSON by itself, or if it begins with `{`, is not
 * JSON as a whole, and one of the hundred lines after the first is an object by itself.
 *
 * What a record may decode to is bounded by `limits`, and what all of them may by the input's length, so that a
 * small input never takes gigabytes: `limit-exceeded` says which limit to raise, and ends the reading.
 *
 * @param bytes - the input, in any form that bytes have
 * @param options - schemas of framed messages, limits, surveys and brokers' forms
 * @throws TypeError for an option that there is not, and for a survey or a form that is not one
 * @returns the outcomes, in the input's order; at least one error where the input cannot be read
 *
 * @example
 * ```ts
 * import { encodeAlerts, readAlerts } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * for (const outcome of readAlerts(bytes)) {
 *   outcome.success; // => true
 * }
 * ```
 */
export function readAlerts(bytes: Bytes, options: ReadOptions = {}): Generator<SafeResult<Alert>, void, void> {
  checkReadOptions("readAlerts", options, READ_OPTIONS);
  return iterateAlerts(bytes, options);
}

/** The same, of options that were checked. */
export function* iterateAlerts(bytes: Bytes, options: ReadOptions): Generator<SafeResult<Alert>, void, void> {
  const input = toSafe(() => toInput(bytes));
  if (!input.success) return yield input;
  for (const step of readSteps(new ByteWindow(input.data), options)) {
    // A window over a whole input never asks for more.
    if (step !== NEED_BYTES) yield step;
  }
}
