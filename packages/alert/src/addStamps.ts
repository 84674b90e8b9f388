import { BtsbotError, checkArgument, toBytes } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";
import type { Alert } from "./types.js";

/** The three stamps of an alert, as they come from a broker. */
export interface FetchedStamps {
  /** Science stamp, a FITS file, packed or not. */
  readonly science: Bytes;
  /** Template stamp. */
  readonly template: Bytes;
  /** Difference stamp, science minus template. */
  readonly difference: Bytes;
}

/**
 * Gives an alert the stamps that its broker keeps elsewhere, as Babamul does.
 *
 * @param alert - the alert
 * @param fetchStamps - asks for the stamps of an id, such as an address of the broker's API, with `parseCutouts`
 * for what it answers; what it throws is thrown
 * @returns the alert with its stamps; the alert itself where it has all three
 * @throws BtsbotError `input-invalid` for what are not bytes
 *
 * @example
 * ```ts
 * import { addStamps } from "@btsbot/alert";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 5n, candidate: { jd: 2458881, fid: 1 } };
 * const stamp = Uint8Array.of(0x1f, 0x8b);
 * const whole = await addStamps(alert, async (candid) => ({ science: stamp, template: stamp, difference: stamp }));
 * whole.cutoutScience!.stampData.length; // => 2
 * ```
 */
export async function addStamps(
  alert: Alert,
  fetchStamps: (candid: bigint, alert: Alert) => Promise<FetchedStamps>,
): Promise<Alert> {
  checkArgument("addStamps", "alert", alert, "object", ["candid"]);
  checkArgument("addStamps", "fetchStamps", fetchStamps, "function");
  if (alert.cutoutScience != null && alert.cutoutTemplate != null && alert.cutoutDifference != null) return alert;
  const { science, template, difference } = await fetchStamps(alert.candid, alert);
  const { form, ...rest } = alert;
  // What it lacked is there now.
  const { lacks: _, ...told } = form ?? { name: "" };
  return {
    ...rest,
    ...(told.flags !== undefined && { form: told }),
    cutoutScience: { stampData: takeBytes(science, "science") },
    cutoutTemplate: { stampData: takeBytes(template, "template") },
    cutoutDifference: { stampData: takeBytes(difference, "difference") },
  };
}

function takeBytes(given: Bytes, path: string): Uint8Array {
  const bytes = toBytes(given);
  if (bytes !== undefined) return bytes;
  throw new BtsbotError("input-invalid", "a stamp that was fetched is not bytes", { path, expected: "a Uint8Array" });
}
