/** Points nearer to the last one than this are not drawn: 10^5 of them would make megabytes that no eye sees. */
const STEP = 1 / 1000;

/**
 * The points of a curve that an eye can tell apart; the first and the last stay.
 *
 * @param points - the curve, in order
 * @param placeOf - where a point is, as fractions of the figure; NaN for a gap, which stays
 */
export function thinPoints<Point>(
  points: readonly Point[],
  placeOf: (point: Point) => readonly [x: number, y: number],
): Point[] {
  let last: readonly [number, number] = [NaN, NaN];
  return points.filter((point, index) => {
    const [x, y] = placeOf(point);
    const near = Math.hypot(x - last[0], y - last[1]) < STEP;
    if (near && index < points.length - 1) return false;
    last = [x, y];
    return true;
  });
}
