import { escapeText } from "./escapeText.js";

/** Values of attributes; those that are undefined are left out. */
export type SvgAttributes = Readonly<Record<string, string | number | undefined>>;

/**
 * An element as text.
 *
 * @param name - its name
 * @param attributes - values, escaped here; numbers are rounded to a tenth
 * @param children - elements as text, or escaped text; they go in as they are
 */
export function svgElement(name: string, attributes: SvgAttributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escapeText(value!)}"`)
    .join("");
  const content = children.join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
