import type { Alert } from "../types.js";

/** An alert with the nesting of a packet: what is in `extra` stands at the top again. */
export function toDocument(alert: Alert): Record<string, unknown> {
  const { extra, ...fields } = alert;
  return { ...fields, ...extra };
}
