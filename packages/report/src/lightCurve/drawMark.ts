import { svgElement } from "../svgElement.js";
import { shapePath } from "./shapePath.js";
import type { MarkShape } from "./shapePath.js";

/** How a detection looks. */
export interface Mark {
  readonly shape: MarkShape;
  readonly color: string;
  /** Filled: the score is high enough; hollow: it is not; pale: there is none. */
  readonly fill: "filled" | "hollow" | "pale";
  /** Fainter than the template: a bar inside. */
  readonly isNegative?: boolean;
  /** Forced photometry: half the size. */
  readonly isForced?: boolean;
}

/** Radius of a circle of a mark's area, CSS pixels. */
export const MARK_RADIUS = 4.5;
/** The bar, against the radius: half its length, half its height. */
const BAR = [0.68, 0.28] as const;
const PALE = "0.35";

/**
 * A detection's mark at a place.
 *
 * @param title - what a tooltip says, escaped; none if absent
 */
export function drawMark({ shape, color, fill, isNegative, isForced }: Mark, x: number, y: number, title = ""): string {
  const radius = isForced ? MARK_RADIUS / 2 : MARK_RADIUS;
  const [long, high] = BAR.map((share) => Math.round(share * radius * 100) / 100);
  // The triangle's body is below its middle.
  const lift = shape === "triangle" ? 0.2 * radius : 0;
  const bar = `M${-long},${lift - high}h${2 * long}v${2 * high}h${-2 * long}z`;
  const outline = shapePath(shape, radius);
  const placed = { transform: `translate(${place(x)},${place(y)})`, stroke: color, "stroke-width": "1.4" };
  // A hole in a filled mark shows the paper, whatever its color.
  if (fill === "filled") {
    const hole = isNegative ? bar : "";
    return svgElement(
      "path",
      { ...placed, d: outline + hole, fill: color, "fill-rule": "evenodd", "stroke-width": "0.6" },
      title,
    );
  }
  const look = { fill: fill === "pale" ? color : "none", "fill-opacity": fill === "pale" ? PALE : undefined };
  if (!isNegative) return svgElement("path", { ...placed, ...look, d: outline }, title);
  const parts = [
    svgElement("path", { d: outline, ...look }),
    svgElement("path", { d: bar, fill: color, stroke: "none" }),
  ];
  return svgElement("g", placed, title, ...parts);
}

function place(value: number): number {
  return Math.round(value * 10) / 10;
}
