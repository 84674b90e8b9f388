import { ECLIPTIC } from "./frames.js";
import type { EquatorialPosition } from "./frames.js";
import { rotate } from "./rotate.js";

/**
 * From ecliptic coordinates, mean ecliptic and equinox of J2000 to equatorial ones, J2000.
 *
 * @param longitude - degrees; any turn of the circle
 * @param latitude - degrees, -90 to 90
 * @returns degrees; NaN where an argument is NaN or infinite
 *
 * @example
 * ```ts
 * import { fromEcliptic } from "@btsbot/sky";
 *
 * fromEcliptic(90, 0).dec.toFixed(4); // => "23.4393"
 * ```
 */
export function fromEcliptic(longitude: number, latitude: number): EquatorialPosition {
  const [ra, dec] = rotate(longitude, latitude, { from: ECLIPTIC.longitude, tilt: ECLIPTIC.dec, to: ECLIPTIC.ra });
  return { ra, dec };
}
