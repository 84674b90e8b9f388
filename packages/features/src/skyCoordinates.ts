/** A position on the sky, degrees. */
interface Position {
  /** 0 up to 360. */
  readonly longitude: number;
  /** -90 to 90. */
  readonly latitude: number;
}

/** A frame on the sky, degrees: where its north pole is, and how it turns about it. */
interface Frame {
  /** Right ascension of the frame's north pole, J2000. */
  readonly ra: number;
  /** Declination of the frame's north pole, J2000. */
  readonly dec: number;
  /** Longitude, in the frame, of the north celestial pole. */
  readonly longitude: number;
}

/**
 * Obliquity of the ecliptic at J2000, 23 deg 26' 21.448" (IAU 1976; Lieske et al. 1977, A&A 58, 1), to the
 * seven decimals that PyEphem has, with which ALeRCE computed its features.
 */
const OBLIQUITY = 23.4392911;

const ECLIPTIC: Frame = { ra: 270, dec: 90 - OBLIQUITY, longitude: 90 };

/** The IAU 1958 galactic frame carried to J2000: ESA 1997, The Hipparcos and Tycho Catalogues, SP-1200, vol. 1, 1.5.3. */
const GALACTIC: Frame = { ra: 192.85948, dec: 27.12825, longitude: 122.93192 };

const RADIANS = Math.PI / 180;

/**
 * Ecliptic coordinates, mean ecliptic and equinox of J2000, of a position J2000 in degrees.
 *
 * @internal
 */
export function toEcliptic(ra: number, dec: number): Position {
  return rotate(ra, dec, ECLIPTIC);
}

/**
 * Galactic coordinates of a position J2000 in degrees.
 *
 * @internal
 */
export function toGalactic(ra: number, dec: number): Position {
  return rotate(ra, dec, GALACTIC);
}

/**
 * The spherical triangle of the position and the two poles. The latitude comes from atan2: near the poles
 * the arcsine would lose half the digits.
 */
function rotate(ra: number, dec: number, pole: Frame): Position {
  const away = (ra - pole.ra) * RADIANS;
  const [sin, cos] = [Math.sin(dec * RADIANS), Math.cos(dec * RADIANS)];
  const [sinPole, cosPole] = [Math.sin(pole.dec * RADIANS), Math.cos(pole.dec * RADIANS)];
  const toPole = sin * sinPole + cos * cosPole * Math.cos(away);
  const east = cos * Math.sin(away);
  const north = sin * cosPole - cos * sinPole * Math.cos(away);
  const longitude = pole.longitude - Math.atan2(east, north) / RADIANS;
  return { longitude: (longitude + 360) % 360, latitude: Math.atan2(toPole, Math.hypot(east, north)) / RADIANS };
}
