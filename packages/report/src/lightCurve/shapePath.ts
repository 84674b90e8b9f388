import type { BANDS, UNKNOWN_BAND } from "../palette.js";

/** Shape of a band's marks. */
export type MarkShape = (typeof BANDS)[number]["shape"] | typeof UNKNOWN_BAND.shape;

/** Corners of the polygons, and their distance from the middle where a circle has the radius 1: all cover about the same area. */
const POLYGONS: Readonly<
  Record<Exclude<MarkShape, "circle">, readonly [corners: number, radius: number, turned: boolean]>
> = {
  triangle: [3, 1.5, false],
  square: [4, 1.25, true],
  diamond: [4, 1.3, false],
  pentagon: [5, 1.18, false],
  hexagon: [6, 1.1, true],
  star: [10, 1.62, false],
};
/** Inner corners of the star, against the outer ones. */
const STAR_DEPTH = 0.46;

/**
 * A mark's outline as path data, about 0, 0.
 *
 * @param shape - which
 * @param radius - of a circle of its area, CSS pixels
 */
export function shapePath(shape: MarkShape, radius: number): string {
  if (shape === "circle") {
    const r = round(radius);
    return `M${-r},0a${r},${r},0,1,0,${2 * r},0a${r},${r},0,1,0,${-2 * r},0z`;
  }
  const [corners, reach, turned] = POLYGONS[shape];
  const points = Array.from({ length: corners }, (_, corner) => {
    const angle = (2 * Math.PI * (corner + (turned ? 0.5 : 0))) / corners;
    const distance = radius * reach * (shape === "star" && corner % 2 === 1 ? STAR_DEPTH : 1);
    return `${round(distance * Math.sin(angle))},${round(-distance * Math.cos(angle))}`;
  });
  return `M${points.join("L")}z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
