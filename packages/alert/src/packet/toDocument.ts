import type { PacketFields } from "../surveys/Survey.js";
import type { Alert } from "../types.js";

/** An alert with the nesting of a packet: what is in `extra` stands at the top again. */
export function toDocument(alert: Alert): PacketFields {
  const { extra, ...fields } = alert;
  return { ...fields, ...extra };
}
