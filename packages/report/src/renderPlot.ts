import { plot } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom/worker";
import { escapeText, replaceUnwritable } from "./escapeText.js";

/** Room for ticks and labels, CSS pixels. */
const MARGINS = { marginTop: 34, marginRight: 16, marginBottom: 46, marginLeft: 58 };
const NAMESPACE = "http://www.w3.org/2000/svg";

/** A document that nothing else sees: the figures of a page share none of its names. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * Draws a plot as SVG text that stands by itself. Ink is `currentColor`; there are no ids, classes or style sheets.
 *
 * @param label - what the figure shows, for whoever cannot see it
 * @param options - options of Observable Plot
 */
export function renderPlot(label: string, options: PlotOptions): string {
  return serialize(label, renderElement(options));
}

/** Draws plots, one below the other. */
export function renderStack(label: string, plots: readonly PlotOptions[]): string {
  const elements = plots.map(renderElement);
  const outer = document.createElementNS(NAMESPACE, "svg");
  const sizes = elements.map((each) => ["width", "height"].map((name) => Number(each.getAttribute(name))));
  const width = Math.max(...sizes.map(([each]) => each));
  const height = sizes.reduce((sum, [, each]) => sum + each, 0);
  for (const [name, value] of Object.entries({
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    fill: "currentColor",
  })) {
    outer.setAttribute(name, String(value));
  }
  let y = 0;
  elements.forEach((each, index) => {
    each.setAttribute("y", String(y));
    y += sizes[index][1];
    outer.append(each);
  });
  return serialize(label, outer);
}

function renderElement(options: PlotOptions): Element {
  const element = plot({ ...MARGINS, ...options, document });
  // Its rules are for all plots of a page; what of them matters stands on the element.
  element.querySelector("style")?.remove();
  element.removeAttribute("class");
  element.setAttribute("font-size", "11");
  return element;
}

function serialize(label: string, element: Element): string {
  element.setAttribute("xmlns", NAMESPACE);
  element.setAttribute("role", "img");
  element.setAttribute("style", "max-width:100%;height:auto");
  const title = document.createElementNS(NAMESPACE, "title");
  title.textContent = label;
  element.prepend(title);
  // linkedom escapes texts as XML asks for, and of attributes the quotes alone.
  return replaceUnwritable(element.outerHTML.replace("<svg", () => `<svg aria-label="${escapeText(label)}"`));
}
