/** Degrees in a radian. */
const DEGREES = 180 / Math.PI;

export function sine(degrees: number): number {
  return Math.sin(degrees / DEGREES);
}

export function cosine(degrees: number): number {
  return Math.cos(degrees / DEGREES);
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
