import { ECLIPTIC } from "./frames.js";
import type { FramePosition } from "./frames.js";
import { rotate } from "./rotate.js";

/**
 * From equatorial to ecliptic coordinates, mean ecliptic and equinox of J2000.
 *
 * @param ra - right ascension J2000, degrees; any turn of the circle
 * @param dec - declination J2000, degrees, -90 to 90
 * @returns degrees; NaN where an argument is NaN or infinite
 *
 * @example
 * ```ts
 * import { toEcliptic } from "@btsbot/sky";
 *
 * toEcliptic(116.328942, 28.026183).latitude.toFixed(5); // => "6.68417"
 * ```
 */
export function toEcliptic(ra: number, dec: number): FramePosition {
  const [longitude, latitude] = rotate(ra, dec, { from: ECLIPTIC.ra, tilt: ECLIPTIC.dec, to: ECLIPTIC.longitude });
  return { longitude, latitude };
}
