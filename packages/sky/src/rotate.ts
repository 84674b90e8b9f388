const RADIANS = Math.PI / 180;

/** A turn about the poles of two frames. */
interface Turn {
  /** Longitude, where the position is given, of the other frame's north pole. */
  readonly from: number;
  /** Latitude of either frame's pole in the other: it is the same both ways. */
  readonly tilt: number;
  /** Longitude, where the position is wanted, of this frame's north pole. */
  readonly to: number;
}

/**
 * The spherical triangle of the position and the two poles; all angles in degrees. The latitude comes from
 * atan2: near the poles the arcsine would lose half the digits.
 *
 * @returns longitude, 0 up to 360, and latitude, -90 to 90
 */
export function rotate(longitude: number, latitude: number, { from, tilt, to }: Turn): readonly [number, number] {
  const away = (longitude - from) * RADIANS;
  const [sin, cos] = [Math.sin(latitude * RADIANS), Math.cos(latitude * RADIANS)];
  const [sinPole, cosPole] = [Math.sin(tilt * RADIANS), Math.cos(tilt * RADIANS)];
  const toPole = sin * sinPole + cos * cosPole * Math.cos(away);
  const east = cos * Math.sin(away);
  const north = sin * cosPole - cos * sinPole * Math.cos(away);
  const turned = to - Math.atan2(east, north) / RADIANS;
  return [(turned + 360) % 360, Math.atan2(toPole, Math.hypot(east, north)) / RADIANS];
}
