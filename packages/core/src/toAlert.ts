import { parseAlert } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import type { AlertInput } from "./types.js";

/**
 * Whether an input is bytes; also those of another realm (a frame, a test runner), which `instanceof` does not know.
 *
 * @internal
 */
export function isBytes(input: AlertInput): input is Uint8Array {
  return Object.prototype.toString.call(input) === "[object Uint8Array]";
}

/**
 * The one alert that an input is or holds.
 *
 * @internal
 */
export function toAlert(input: AlertInput, options: ReadOptions | undefined): Alert {
  return isBytes(input) ? parseAlert(input, options) : checkAlert(input);
}

/**
 * Refuses what is no alert at all, whatever the types say.
 *
 * @internal
 */
export function checkAlert(input: Alert): Alert {
  if (typeof input?.candidate === "object" && input.candidate !== null && typeof input.candid === "bigint")
    return input;
  throw new BtsbotError("input-invalid", "this cannot be scored", {
    expected: "a Uint8Array, or an Alert (see toAlert of @btsbot/alert)",
    got: Object.prototype.toString.call(input).slice(8, -1),
  });
}
