import type { Alert } from "@btsbot/alert";
import { measureStamp, readStamp } from "@btsbot/cutout";
import type { StampStats } from "@btsbot/cutout";
import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";

const STAMPS = [
  ["science", "cutoutScience"],
  ["template", "cutoutTemplate"],
  ["difference", "cutoutDifference"],
] as const;

/**
 * What is in each stamp, or why it cannot be read.
 *
 * @internal
 */
export function describeStamps(alert: Alert): { readonly name: string; readonly stats: SafeResult<StampStats> }[] {
  return STAMPS.map(([name, path]) => {
    const stats = toSafe(() => {
      const stampData = alert[path]?.stampData;
      if (stampData == null) throw new BtsbotError("stamp-absent", "the alert carries no such stamp", { path });
      return measureStamp(readStamp(stampData, { gunzip: zlibGunzip, path }));
    });
    return { name, stats };
  });
}
