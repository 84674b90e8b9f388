/** A position in a frame on the sky, degrees. */
export interface FramePosition {
  /** 0 up to 360. */
  readonly longitude: number;
  /** -90 to 90. */
  readonly latitude: number;
}

/** An equatorial position, J2000, degrees. */
export interface EquatorialPosition {
  /** Right ascension, 0 up to 360. */
  readonly ra: number;
  /** Declination, -90 to 90. */
  readonly dec: number;
}

/** A frame on the sky, degrees: where its north pole is, and how it turns about it. */
export interface Frame {
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

/** Mean ecliptic and equinox of J2000. */
export const ECLIPTIC: Frame = { ra: 270, dec: 90 - OBLIQUITY, longitude: 90 };

/** The IAU 1958 Galactic frame carried to J2000: ESA 1997, The Hipparcos and Tycho Catalogues, SP-1200, vol. 1, 1.5.3. */
export const GALACTIC: Frame = { ra: 192.85948, dec: 27.12825, longitude: 122.93192 };
