import type { PendingEntry } from "@btsbot/decide";
import type { FailureBody } from "./announceAlerts.js";
import type { OutgoingMessage } from "./types.js";

/** The longest reason that a header holds, characters: a packet may have a thousand problems. */
const MAX_REASON = 2000;

/**
 * Writes what could not be read or judged for a dead-letter topic: the bytes as they came, and beside them where they
 * stood and what is wrong.
 *
 * @param entry - an entry of the kind `failure`
 * @returns its message
 *
 * @example
 * ```ts
 * import { announceAlerts, encodeFailure } from "@btsbot/stream";
 * import { BtsbotError } from "@btsbot/errors";
 *
 * const error = new BtsbotError("input-empty", "the input holds no bytes");
 * const [entry] = announceAlerts([{ file: "t/0", index: 7, error, bytes: new Uint8Array(0) }]);
 * encodeFailure({ ...entry, number: 1, attempts: 0 }).headers?.code; // => "input-empty"
 * ```
 */
export function encodeFailure({ key, body }: PendingEntry): Omit<OutgoingMessage, "topic"> {
  const { place, index, code, message, bytes } = body as unknown as FailureBody;
  return {
    key,
    value: new Uint8Array(Buffer.from(bytes ?? "", "base64")),
    headers: { key, place, index: String(index ?? ""), code, message: message.slice(0, MAX_REASON) },
  };
}
