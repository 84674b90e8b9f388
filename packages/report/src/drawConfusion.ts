import { checkArgument, checkOptions } from "@btsbot/errors";
import { cell, text } from "@observablehq/plot";
import type { Confusion } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { percent } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";

const CLASSES = ["bright transient", "other"];

/**
 * Draws a confusion matrix: counts, and the fraction of the true class that they are.
 *
 * @param confusion - the counts, as `computeConfusion` gives them
 * @param options - width (340) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { computeConfusion } from "@btsbot/evaluate";
 * import { drawConfusion } from "@btsbot/report";
 *
 * drawConfusion(computeConfusion([{ score: 0.9, label: 1 }], { score: 0.5, rule: "at-least" })).startsWith("<svg"); // => true
 * ```
 */
export function drawConfusion(confusion: Confusion, options: FigureOptions = {}): string {
  checkOptions("drawConfusion", options, FIGURE_OPTIONS);
  checkArgument("drawConfusion", "confusion", confusion, "object", ["threshold"]);
  const { width = 340 } = options;
  const { truePositives, falsePositives, falseNegatives, trueNegatives, threshold } = confusion;
  const [positives, negatives] = [truePositives + falseNegatives, falsePositives + trueNegatives];
  if (positives + negatives === 0) return drawNothing("No confusion matrix: nothing was classified.", width);
  const place = `score ${threshold.rule === "above" ? ">" : "≥"} ${threshold.score}`;
  const cells = [
    { is: CLASSES[0], called: CLASSES[0], count: truePositives, of: positives },
    { is: CLASSES[0], called: CLASSES[1], count: falseNegatives, of: positives },
    { is: CLASSES[1], called: CLASSES[0], count: falsePositives, of: negatives },
    { is: CLASSES[1], called: CLASSES[1], count: trueNegatives, of: negatives },
  ].map((each) => ({ ...each, fraction: each.of === 0 ? undefined : each.count / each.of }));
  const words = cells.map(({ is, called, count }) => `${is} called ${called}: ${count}`).join(", ");
  return renderPlot(options.label ?? `Confusion matrix at ${place}: ${words}`, {
    width,
    height: width,
    marginLeft: 48,
    marginTop: 16,
    padding: 0.02,
    x: { domain: CLASSES, label: `called (${place})`, labelAnchor: "center", labelArrow: "none", tickSize: 0 },
    y: {
      domain: CLASSES,
      label: "true class",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      tickRotate: -90,
    },
    opacity: { type: "identity" },
    marks: [
      cell(cells, {
        x: "called",
        y: "is",
        fill: SERIES_COLORS[0],
        fillOpacity: (each: (typeof cells)[number]) => 0.04 + 0.5 * (each.fraction ?? 0),
      }),
      text(cells, {
        x: "called",
        y: "is",
        text: (each: (typeof cells)[number]) => each.count.toLocaleString("en-US"),
        fontSize: 17,
        fontWeight: 600,
        dy: -9,
      }),
      text(cells, {
        x: "called",
        y: "is",
        text: (each: (typeof cells)[number]) => percent(each.fraction),
        fontSize: 12,
        dy: 12,
      }),
    ],
  });
}
