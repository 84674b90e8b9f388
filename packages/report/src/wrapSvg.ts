import { escapeText } from "./escapeText.js";
import { svgElement } from "./svgElement.js";

/**
 * A figure that stands by itself. Ink is `currentColor`; there are no ids, classes or style sheets.
 *
 * @param label - what the figure shows, for whoever cannot see it
 * @param size - CSS pixels; a page may show it smaller
 * @param children - elements as text
 */
export function wrapSvg(
  label: string,
  { width, height }: { readonly width: number; readonly height: number },
  children: readonly string[],
): string {
  const attributes = {
    "aria-label": label,
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    fill: "currentColor",
    "font-family": "system-ui, sans-serif",
    "font-size": 11,
    style: "max-width:100%;height:auto",
  };
  return svgElement("svg", attributes, svgElement("title", {}, escapeText(label)), children.join(""));
}
