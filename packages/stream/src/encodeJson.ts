import type { PendingEntry } from "@btsbot/decide";
import type { OutgoingMessage } from "./types.js";

/**
 * Writes an entry's body as JSON. The source's name is the message's key: what is said of a source stays in order.
 *
 * @param entry - the entry
 * @returns its message
 *
 * @example
 * ```ts
 * import { encodeJson } from "@btsbot/stream";
 *
 * const entry = { kind: "decision", key: "a/gt1", objectId: "a", body: { action: "save" }, number: 1, attempts: 0 } as const;
 * new TextDecoder().decode(encodeJson(entry).value); // => "{\"action\":\"save\"}"
 * ```
 */
export function encodeJson({ kind, key, objectId, body }: PendingEntry): Omit<OutgoingMessage, "topic"> {
  return { key: objectId, value: new TextEncoder().encode(JSON.stringify(body)), headers: { kind, key } };
}
