import { UNKNOWN_BAND } from "../palette.js";
import type { LightCurvePoint } from "../types.js";
import { bandOf } from "./bandOf.js";
import { BANDS } from "../palette.js";
import { drawLimit } from "./drawLimit.js";
import { drawMark } from "./drawMark.js";
import type { Mark } from "./drawMark.js";
import { fillOf } from "./fillOf.js";
import { svgElement } from "../svgElement.js";
import { escapeText } from "../escapeText.js";

/** Height of a row, and width of a letter on average, CSS pixels; wide rather than narrow. */
const ROW = 16;
const LETTER = 6.3;
const INK = "currentColor";

interface Entry {
  readonly name: string;
  readonly draw: (x: number, y: number) => string;
}

/**
 * What the marks of a light curve mean, in rows from the left: of each only what is there.
 *
 * @param points - what is drawn
 * @param threshold - from which score on a mark is filled
 * @param width - room, CSS pixels
 * @returns the legend about 0, 0, which is the left end of its upper edge, and its height
 */
export function layLegend(
  points: readonly LightCurvePoint[],
  threshold: number,
  width: number,
): { readonly elements: readonly string[]; readonly height: number } {
  let [left, row] = [0, 0];
  const elements = listEntries(points, threshold).map(({ name, draw }) => {
    const wide = 28 + name.length * LETTER;
    if (left > 0 && left + wide > width) [left, row] = [0, row + 1];
    const [x, y] = [left + 7, row * ROW + ROW / 2];
    left += wide;
    return draw(x, y) + svgElement("text", { x: x + 10, y: y + 4 }, escapeText(name));
  });
  return { elements, height: (row + 1) * ROW };
}

function listEntries(points: readonly LightCurvePoint[], threshold: number): Entry[] {
  const detections = points.filter(({ isLimit }) => !isLimit);
  const entry = (name: string, mark: Mark): Entry => ({ name, draw: (x, y) => drawMark(mark, x, y) });
  const bands = [...BANDS, UNKNOWN_BAND].filter((band) => points.some((point) => bandOf(point) === band));
  // What holds of all bands is shown with the shape of one that is there.
  const shape = detections.length > 0 ? bandOf(detections[0]).shape : "circle";
  const fills = [
    ["filled", `score ≥ ${threshold}`],
    ["hollow", `score < ${threshold}`],
    ["pale", "no score"],
  ] as const;
  const isScored = detections.some(({ score }) => score !== undefined);
  return [
    ...bands.map(({ name, ...band }) => entry(name, { ...band, fill: isScored ? "filled" : "pale" })),
    ...fills
      .filter(([fill]) => isScored && detections.some((point) => fillOf(point, threshold) === fill))
      .map(([fill, name]) => entry(name, { shape, color: INK, fill })),
    ...(detections.some(({ isNegative }) => isNegative)
      ? [entry("negative", { shape, color: INK, fill: "hollow", isNegative: true })]
      : []),
    ...(detections.some(({ isForced }) => isForced)
      ? [entry("forced", { shape, color: INK, fill: "pale", isForced: true })]
      : []),
    ...(points.some(({ isLimit }) => isLimit)
      ? [{ name: "limit", draw: (x: number, y: number): string => drawLimit(INK, x, y - 4) }]
      : []),
  ];
}
