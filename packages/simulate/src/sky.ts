/** Degrees in a radian. */
const DEGREES = 180 / Math.PI;
/** The north Galactic pole, and the longitude of the celestial pole (J2000; Hipparcos catalogue, vol. 1, section 1.5.3). */
const POLE = { ra: 192.85948, dec: 27.12825, longitude: 122.93192 };
/** Obliquity of the ecliptic at J2000, degrees. */
const OBLIQUITY = 23.4393;

/** A place on the sky, degrees. */
export interface Place {
  readonly ra: number;
  readonly dec: number;
}

export function sine(degrees: number): number {
  return Math.sin(degrees / DEGREES);
}

export function cosine(degrees: number): number {
  return Math.cos(degrees / DEGREES);
}

/** Galactic latitude, degrees. */
export function galacticLatitude({ ra, dec }: Place): number {
  return DEGREES * Math.asin(sine(dec) * sine(POLE.dec) + cosine(dec) * cosine(POLE.dec) * cosine(ra - POLE.ra));
}

/** From Galactic to equatorial coordinates. */
export function fromGalactic(longitude: number, latitude: number): Place {
  const turn = POLE.longitude - longitude;
  const dec = DEGREES * Math.asin(sine(latitude) * sine(POLE.dec) + cosine(latitude) * cosine(POLE.dec) * cosine(turn));
  const east = cosine(latitude) * sine(turn);
  const north = sine(latitude) * cosine(POLE.dec) - cosine(latitude) * sine(POLE.dec) * cosine(turn);
  return { ra: wrap(POLE.ra + DEGREES * Math.atan2(east, north)), dec };
}

/** From ecliptic to equatorial coordinates. */
export function fromEcliptic(longitude: number, latitude: number): Place {
  const dec =
    DEGREES * Math.asin(sine(latitude) * cosine(OBLIQUITY) + cosine(latitude) * sine(OBLIQUITY) * sine(longitude));
  const y = sine(longitude) * cosine(OBLIQUITY) - (sine(latitude) / cosine(latitude)) * sine(OBLIQUITY);
  return { ra: wrap(DEGREES * Math.atan2(y, cosine(longitude))), dec };
}

/** Degrees between two right ascensions, 0 to 180. */
export function separateInRa(one: number, other: number): number {
  return Math.abs(wrap(one - other + 180) - 180);
}

/** Right ascension opposite to the sun, degrees; the sun's mean motion does (Astronomical Almanac, section C). */
export function midnightRa(jd: number): number {
  return wrap(280.46 + 0.9856474 * (jd - 2451545) + 180);
}

/** Illuminated part of the moon, 0 new to 1 full, from the mean lunation (Meeus 1998, chapter 49). */
export function moonPhase(jd: number): number {
  return (1 - Math.cos((2 * Math.PI * (jd - 2451550.1)) / 29.530589)) / 2;
}

function wrap(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
