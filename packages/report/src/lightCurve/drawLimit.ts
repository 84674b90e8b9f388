import { svgElement } from "../svgElement.js";

/** A bar, and an arrow down from it: the source was fainter. */
const ARROW = "M-3.5,0h7M0,0v7.5M-2.4,4.9L0,7.5L2.4,4.9";

/**
 * An upper limit: the bar stands at its magnitude, the arrow points to where the source may have been.
 *
 * @param title - what a tooltip says, escaped; none if absent
 */
export function drawLimit(color: string, x: number, y: number, title = ""): string {
  const transform = `translate(${Math.round(x * 10) / 10},${Math.round(y * 10) / 10})`;
  return svgElement(
    "path",
    { d: ARROW, transform, fill: "none", stroke: color, "stroke-width": "1.3", "stroke-opacity": "0.75" },
    title,
  );
}
