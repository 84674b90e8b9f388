import { checkOptions } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { ByteWindow } from "./avro/ByteWindow.js";
import { NEED_BYTES } from "./avro/readContainer.js";
import { readSteps } from "./readSteps.js";
import { READ_OPTIONS } from "./types.js";
import type { Alert, ReadOptions } from "./types.js";

/**
 * Reads the alerts of an input one by one, each with its own outcome.
 *
 * The bytes are recognised by how they begin: an Avro object container (`Obj` 0x01), a
 * Confluent-framed message (0x00), or JSON text (a document, an array of them, or either on each line).
 * A record that is not an alert, or a line that is not JSON, gives its error, and the others go on.
 * Damage to the container gives the alerts before it, then the error, and ends.
 *
 * A text is read line by line if its first line is JSON by itself, or if it begins with `{`, is not
 * JSON as a whole, and one of the hundred lines after the first is an object by itself.
 *
 * @param bytes - the input
 * @param options - schemas of framed messages, limits
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
export function readAlerts(bytes: Uint8Array, options: ReadOptions = {}): Generator<SafeResult<Alert>, void, void> {
  checkOptions("readAlerts", options, READ_OPTIONS);
  return iterate(bytes, options);
}

function* iterate(bytes: Uint8Array, options: ReadOptions): Generator<SafeResult<Alert>, void, void> {
  // A plain view, since the `slice` of Node's Buffer shares memory.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const step of readSteps(new ByteWindow(plain), options)) {
    // A window over a whole input never asks for more.
    if (step !== NEED_BYTES) yield step;
  }
}
