import { toLightCurve } from "@btsbot/alert";
import type { Alert, LightCurve } from "@btsbot/alert";
import { flagStamps, readStamps } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import type { Features } from "@btsbot/features";
import { zlibGunzip } from "../../inputs/zlibGunzip.js";
import { describeStamps } from "./describeStamps.js";
import type { Packet } from "./readPacket.js";

/** The profile whose features are shown: the production model's. */
const PROFILE = "btsbot-v1";

/**
 * Everything that is shown of an alert.
 *
 * @internal
 */
export interface Inspection {
  readonly packet: Packet;
  /** Which alert of the packet, from 0. */
  readonly index: number;
  readonly alert: Alert;
  readonly history: LightCurve;
  readonly features: Features;
  readonly stamps: ReturnType<typeof describeStamps>;
  readonly stampFlags: readonly string[];
}

/**
 * Computes all that is shown of an alert.
 *
 * @internal
 */
export function inspectAlert(packet: Packet, index: number, alert: Alert): Inspection {
  const history = toLightCurve(alert);
  const features = extractFeatures(getProfile(PROFILE), { alert, history });
  // Stamps that cannot be read have no flags: why they cannot stands in their description.
  const flags = toSafe(() => flagStamps(readStamps(alert, { gunzip: zlibGunzip })));
  return {
    packet,
    index,
    alert,
    history,
    features,
    stamps: describeStamps(alert),
    stampFlags: flags.success ? flags.data : [],
  };
}
