import { checkArgument, checkOptions } from "@btsbot/errors";
import { dot, line, ruleX, text } from "@observablehq/plot";
import type { CalibrationBin } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { diagonal, paleFrame } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";
import { wilsonInterval } from "./wilsonInterval.js";

/**
 * Draws a calibration curve: of the alerts with about this score, the fraction that is of bright transients, with its
 * interval of 95 % (Wilson 1927) as if alerts were independent, and how many they are. On the dashed line, scores are probabilities.
 *
 * @param bins - the bins, as `evaluateAlerts` gives them in `calibration`
 * @param options - width (400) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawCalibration } from "@btsbot/report";
 *
 * drawCalibration([{ low: 0.9, high: 1, count: 20, meanScore: 0.96, positiveFraction: 0.95 }]).startsWith("<svg"); // => true
 * ```
 */
export function drawCalibration(bins: readonly CalibrationBin[], options: FigureOptions = {}): string {
  checkOptions("drawCalibration", options, FIGURE_OPTIONS);
  checkArgument("drawCalibration", "bins", bins, "list");
  const { width = 400 } = options;
  if (bins.length === 0) return drawNothing("No calibration: no scored alerts of known sources.", width);
  const points = bins.map((bin) => ({ ...bin, interval: wilsonInterval(bin.positiveFraction * bin.count, bin.count) }));
  type Point = (typeof points)[number];
  const words = bins.map(
    ({ meanScore, positiveFraction, count }) => `${meanScore.toFixed(2)}: ${positiveFraction.toFixed(2)} of ${count}`,
  );
  return renderPlot(options.label ?? `Calibration, mean score and fraction positive: ${words.join(", ")}`, {
    width,
    height: width * 0.9,
    marginBottom: 60,
    marginTop: 16,
    x: { domain: [0, 1], label: "mean score", labelAnchor: "center", labelArrow: "none", labelOffset: 34 },
    y: { domain: [0, 1], label: "fraction of bright transients", labelAnchor: "center", labelArrow: "none" },
    marks: [
      paleFrame(),
      diagonal(),
      line(points, { x: "meanScore", y: "positiveFraction", stroke: SERIES_COLORS[0], strokeWidth: 1.5 }),
      ruleX(points, {
        x: "meanScore",
        y1: (each: Point) => each.interval.low,
        y2: (each: Point) => each.interval.high,
        stroke: SERIES_COLORS[0],
      }),
      dot(points, { x: "meanScore", y: "positiveFraction", r: 4, fill: SERIES_COLORS[0] }),
      text(points, {
        x: (each: Point) => (each.low + each.high) / 2,
        text: (each: Point) => short(each.count),
        frameAnchor: "bottom",
        dy: 46,
        lineAnchor: "middle",
        fontSize: 10,
      }),
      text(["alerts"], {
        frameAnchor: "bottom-left",
        dx: -8,
        dy: 46,
        textAnchor: "end",
        lineAnchor: "middle",
        fontSize: 10,
      }),
    ],
  });
}

/** A count that fits under a bin: 12345 as 12k. */
function short(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1e6 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;
}
