import { escapeText } from "./escapeText.js";
import { svgElement } from "./svgElement.js";
import { wrapSvg } from "./wrapSvg.js";

const HEIGHT = 120;
const MARGIN = 8;
const FONT_SIZE = 12;
/** Width of a letter, on average, CSS pixels; wide rather than narrow. */
const LETTER = 6.6;
const LINE = 17;

/**
 * A figure that says why there is nothing to draw.
 *
 * @param why - one sentence
 * @param width - CSS pixels
 */
export function drawNothing(why: string, width: number): string {
  const lines = wrap(why, Math.max(10, (width - 4 * MARGIN) / LETTER));
  const first = HEIGHT / 2 - ((lines.length - 1) / 2) * LINE + 4;
  return wrapSvg(why, { width, height: HEIGHT }, [
    svgElement("rect", {
      x: MARGIN,
      y: MARGIN,
      width: width - 2 * MARGIN,
      height: HEIGHT - 2 * MARGIN,
      fill: "none",
      stroke: "currentColor",
      "stroke-opacity": "0.35",
    }),
    ...lines.map((line, index) =>
      svgElement(
        "text",
        {
          x: width / 2,
          y: first + index * LINE,
          "text-anchor": "middle",
          "font-size": FONT_SIZE,
          "fill-opacity": "0.8",
        },
        escapeText(line),
      ),
    ),
  ]);
}

function wrap(text: string, letters: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
