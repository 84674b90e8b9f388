import { toJson } from "@btsbot/alert";
import type { Alert, LightCurve } from "@btsbot/alert";
import type { Inspection } from "./inspectAlert.js";

/**
 * An inspection as JSON: ids as strings, NaN as null, stamps as numbers about them.
 *
 * @internal
 */
export function inspectJson({ packet, index, alert, history, features, stamps, stampFlags }: Inspection): unknown {
  const { file, bytes, encoding, alerts } = packet;
  return {
    file,
    bytes,
    encoding,
    alerts,
    index,
    alert: toJson(withoutStamps(alert)),
    history: {
      detections: history.detections.map((point) => ({ ...point, candid: point.candid?.toString() ?? null })),
      nondetections: history.nondetections,
    } satisfies Record<keyof LightCurve, unknown>,
    features: {
      profile: features.profile,
      values: Object.fromEntries(features.names.map((name, place) => [name, features.values[place]])),
      flags: features.flags,
      reasons: features.reasons,
    },
    stamps: Object.fromEntries(
      stamps.map(({ name, stats }) => [
        name,
        stats.success ? stats.data : { error: { code: stats.error.code, message: stats.error.message } },
      ]),
    ),
    stampFlags,
  };
}

function withoutStamps(alert: Alert): Alert {
  const { cutoutScience: _science, cutoutTemplate: _template, cutoutDifference: _difference, ...rest } = alert;
  return rest;
}
