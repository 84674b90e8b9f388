import { gunzipSync } from "node:zlib";
import { toLightCurve } from "@btsbot/alert";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { extractFeatures, getProfile } from "@btsbot/features";

const PREPROCESSING = { normalization: "l2", size: 63 };

/** An alert as BTSbot sees it; undefined where a feature is missing or a stamp cannot be used. */
export function toInputs(alert) {
  const gunzip = (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength });
  const { values } = extractFeatures(getProfile("btsbot-v1"), { alert, history: toLightCurve(alert) });
  if (values.some((value) => value == null || !Number.isFinite(value))) return undefined;
  try {
    return {
      features: Float32Array.from(values),
      pixels: toTriplet(readStamps(alert, { gunzip }), PREPROCESSING).pixels,
    };
  } catch {
    return undefined;
  }
}
