import { GALACTIC } from "./frames.js";
import type { FramePosition } from "./frames.js";
import { rotate } from "./rotate.js";

/**
 * From equatorial to Galactic coordinates.
 *
 * @param ra - right ascension J2000, degrees; any turn of the circle
 * @param dec - declination J2000, degrees, -90 to 90
 * @returns degrees; NaN where an argument is NaN or infinite
 *
 * @example
 * ```ts
 * import { toGalactic } from "@btsbot/sky";
 *
 * toGalactic(279.23473, 38.78369).latitude.toFixed(3); // => "19.237"
 * ```
 */
export function toGalactic(ra: number, dec: number): FramePosition {
  const [longitude, latitude] = rotate(ra, dec, { from: GALACTIC.ra, tilt: GALACTIC.dec, to: GALACTIC.longitude });
  return { longitude, latitude };
}
