/** Right ascension and declination J2000 of the north Galactic pole, degrees: ESA 1997, The Hipparcos and Tycho Catalogues, SP-1200, vol. 1, 1.5.3. */
const POLE = { ra: 192.85948, dec: 27.12825 };

const RADIANS = Math.PI / 180;

/**
 * Galactic latitude of a position J2000; all angles in degrees. From atan2: near the poles the arcsine would
 * lose half the digits.
 *
 * @internal
 */
export function galacticLatitude(ra: number, dec: number): number {
  const away = (ra - POLE.ra) * RADIANS;
  const [sin, cos] = [Math.sin(dec * RADIANS), Math.cos(dec * RADIANS)];
  const [sinPole, cosPole] = [Math.sin(POLE.dec * RADIANS), Math.cos(POLE.dec * RADIANS)];
  const toPole = sin * sinPole + cos * cosPole * Math.cos(away);
  const across = Math.hypot(cos * Math.sin(away), sin * cosPole - cos * sinPole * Math.cos(away));
  return Math.atan2(toPole, across) / RADIANS;
}
