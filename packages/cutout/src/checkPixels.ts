import { checkStamp } from "./checkStamp.js";
import type { Stamp } from "./types.js";

/**
 * Refuses what {@link checkStamp} refuses, and a stamp without pixels, of which there is no picture.
 *
 * @internal
 */
export function checkPixels(stamp: Stamp): void {
  checkStamp(stamp);
  if (stamp.pixels.length === 0)
    throw new RangeError(`pixels: expected at least one, got ${stamp.width} x ${stamp.height}`);
}
