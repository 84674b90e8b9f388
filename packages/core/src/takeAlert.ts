import { parseAlert } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, readBytes } from "@btsbot/errors";
import type { AlertInput } from "./types.js";

/**
 * What a scorer is given, with its bytes at hand.
 *
 * @throws BtsbotError as `readBytes`
 *
 * @internal
 */
export async function readInput(input: AlertInput): Promise<Uint8Array | Alert> {
  return (await readBytes(input)) ?? (input as Alert);
}

/**
 * The one alert that an input is or holds.
 *
 * @internal
 */
export function takeAlert(input: Uint8Array | Alert, options: ReadOptions | undefined): Alert {
  return input instanceof Uint8Array ? parseAlert(input, options) : checkAlert(input);
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
    expected:
      "the bytes of a packet (a Uint8Array, DataView, ArrayBuffer or Blob), or an Alert (see toAlert of @btsbot/alert)",
    got: Object.prototype.toString.call(input).slice(8, -1),
  });
}
