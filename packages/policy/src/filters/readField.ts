import type { Alert } from "@btsbot/alert";
import { readAlertValue } from "../readAlertValue.js";

/**
 * A number of the alert, by its name in conditions: 1 for true and 0 for false; undefined where the field is absent, null, no number, NaN or infinite.
 *
 * @internal
 */
export function readField(alert: Alert, field: string): number | undefined {
  const value = readAlertValue(alert, field);
  const number = typeof value === "bigint" || typeof value === "boolean" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
