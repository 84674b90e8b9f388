import { checkArgument, checkOptions } from "@btsbot/errors";
import { dot, line, text } from "@observablehq/plot";
import type { AlertMetrics } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { diagonal, paleFrame, percent } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { thinPoints } from "./thinPoints.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";

/**
 * Draws a receiver operating characteristic, with its area and the place of the threshold on it.
 *
 * @param metrics - metrics of alerts, as `evaluateAlerts` gives them; without both classes the figure says so
 * @param options - width (400) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { evaluateAlerts } from "@btsbot/evaluate";
 * import { drawRoc } from "@btsbot/report";
 *
 * const alerts = [
 *   { score: 0.9, label: 1, magpsf: 18.1 },
 *   { score: 0.2, label: 0, magpsf: 18.4 },
 * ] as const;
 * drawRoc(evaluateAlerts(alerts)).includes("area under the curve 1.000"); // => true
 * ```
 */
export function drawRoc(metrics: AlertMetrics, options: FigureOptions = {}): string {
  checkOptions("drawRoc", options, FIGURE_OPTIONS);
  checkArgument("drawRoc", "metrics", metrics, "object", ["confusion"]);
  const { width = 400 } = options;
  const { roc, confusion } = metrics;
  if (roc === undefined) return drawNothing(`No ROC curve: ${whatLacks(metrics)}.`, width);
  const { truePositiveRate, trueNegativeRate, threshold } = confusion;
  const area = `area under the curve ${roc.auc.toFixed(3)}`;
  const place = `score ${threshold.rule === "above" ? ">" : "≥"} ${threshold.score}`;
  const operating =
    truePositiveRate === undefined || trueNegativeRate === undefined
      ? []
      : [{ x: 1 - trueNegativeRate, y: truePositiveRate }];
  const words = operating.map(({ x, y }) => `${place}: true ${percent(y)}, false ${percent(x)}`);
  return renderPlot(options.label ?? `ROC curve: ${[area, ...words].join("; ")}`, {
    width,
    height: width * 0.85,
    x: { domain: [0, 1], label: "false positive rate", labelAnchor: "center", labelArrow: "none" },
    y: { domain: [0, 1], label: "true positive rate", labelAnchor: "center", labelArrow: "none" },
    marks: [
      paleFrame(),
      diagonal(),
      line(
        thinPoints(roc.points, ({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]),
        { x: "falsePositiveRate", y: "truePositiveRate", stroke: SERIES_COLORS[0], strokeWidth: 2 },
      ),
      dot(operating, { x: "x", y: "y", r: 5, stroke: SERIES_COLORS[1], strokeWidth: 2 }),
      text([[area, ...words].join("\n")], {
        frameAnchor: "bottom-right",
        dx: -10,
        dy: -10,
        lineAnchor: "bottom",
        textAnchor: "end",
        fontSize: 11,
        lineHeight: 1.4,
      }),
    ],
  });
}

function whatLacks({ count, confusion: { truePositives, falseNegatives } }: AlertMetrics): string {
  if (count === 0) return "no scored alerts of known sources";
  return `no alerts of ${truePositives + falseNegatives === 0 ? "bright transients" : "anything but bright transients"}`;
}
