import type { Detection } from "@btsbot/alert";
import type { FeatureContext } from "./types.js";

/**
 * The alert's own detection in the history, which may hold it without its id.
 *
 * @internal
 */
export function findOwn({ alert, history }: FeatureContext): Detection | undefined {
  const { jd, fid } = alert.candidate;
  return (
    history.detections.find(({ candid }) => candid === alert.candid) ??
    history.detections.find((point) => point.candid === null && point.jd === jd && point.fid === fid)
  );
}
