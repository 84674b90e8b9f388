import { GALACTIC } from "./frames.js";
import type { EquatorialPosition } from "./frames.js";
import { rotate } from "./rotate.js";

/**
 * From Galactic coordinates to equatorial ones, J2000.
 *
 * @param longitude - degrees; any turn of the circle
 * @param latitude - degrees, -90 to 90
 * @returns degrees; NaN where an argument is NaN or infinite
 *
 * @example
 * ```ts
 * import { fromGalactic } from "@btsbot/sky";
 *
 * fromGalactic(0, 90).dec.toFixed(5); // => "27.12825"
 * ```
 */
export function fromGalactic(longitude: number, latitude: number): EquatorialPosition {
  const [ra, dec] = rotate(longitude, latitude, { from: GALACTIC.longitude, tilt: GALACTIC.dec, to: GALACTIC.ra });
  return { ra, dec };
}
