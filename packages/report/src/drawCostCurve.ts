import { checkArgument, checkOptions } from "@btsbot/errors";
import { dot, gridX, gridY, line } from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import type { CostPoint } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { legend, paleFrame, percent } from "./marks.js";
import { SERIES_COLORS, SERIES_DASHES } from "./palette.js";
import { renderStack } from "./renderPlot.js";
import { thinPoints } from "./thinPoints.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions, Series } from "./types.js";

/**
 * Draws what policies find for what they cost: completeness and purity against requests a night, as only higher
 * scores count. A dot is the policy itself.
 *
 * @param series - a cost curve for each policy, as `backtest` gives them
 * @param options - width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawCostCurve } from "@btsbot/report";
 *
 * const data = [
 *   { threshold: 0, requests: 20, requestsPerNight: 2, truePositives: 9, falsePositives: 9, completeness: 0.9, purity: 0.5 },
 *   { threshold: 0.8, requests: 10, requestsPerNight: 1, truePositives: 8, falsePositives: 1, completeness: 0.8, purity: 8 / 9 },
 * ];
 * drawCostCurve([{ name: "gt1", data }]).includes("gt1: 2.00 requests a night"); // => true
 * ```
 */
export function drawCostCurve(series: readonly Series<readonly CostPoint[]>[], options: FigureOptions = {}): string {
  checkOptions("drawCostCurve", options, FIGURE_OPTIONS);
  checkArgument("drawCostCurve", "series", series, "list");
  const { width = 480 } = options;
  const drawn = series.filter(({ data }) =>
    data.some(({ requestsPerNight, completeness }) => requestsPerNight !== undefined && completeness !== undefined),
  );
  if (drawn.length === 0)
    return drawNothing("No cost curve: no bright transients among the sources that count, or no nights.", width);
  const words = drawn.map(
    ({ name, data: [own] }) =>
      `${name}: ${own.requestsPerNight?.toFixed(2)} requests a night, completeness ${percent(own.completeness)}, purity ${percent(own.purity)}`,
  );
  const key = legend(
    drawn.map(({ name }, index) => ({ name, color: colorOf(index) })),
    width - 70,
  );
  const upper: PlotOptions = {
    ...panel(drawn, "completeness", width),
    marginTop: key.height + 8,
    height: 190 + key.height,
  };
  upper.marks = [...(upper.marks ?? []), ...key.marks];
  const lower: PlotOptions = { ...panel(drawn, "purity", width), height: 220, marginTop: 12 };
  return renderStack(options.label ?? `Cost curve. ${words.join("; ")}`, [upper, lower]);
}

function colorOf(index: number): string {
  return SERIES_COLORS[index % SERIES_COLORS.length];
}

function panel(
  series: readonly Series<readonly CostPoint[]>[],
  rate: "completeness" | "purity",
  width: number,
): PlotOptions {
  const most = series.reduce(
    (high, { data }) => data.reduce((each, { requestsPerNight = 0 }) => Math.max(each, requestsPerNight), high),
    0,
  );
  return {
    width,
    marginLeft: 64,
    x: {
      domain: [0, most * 1.05 || 1],
      label: rate === "purity" ? "requests a night" : null,
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      domain: [0, 1],
      label: rate,
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (value: number) => percent(value, 0),
      ticks: 5,
    },
    marks: [
      gridX({ strokeOpacity: 0.12 }),
      gridY({ strokeOpacity: 0.12, ticks: 5 }),
      paleFrame(),
      ...series.flatMap(({ data }, index) => [
        line(
          thinPoints(data, (point) => [(point.requestsPerNight ?? NaN) / most, point[rate] ?? NaN]),
          {
            x: "requestsPerNight",
            y: rate,
            stroke: colorOf(index),
            strokeWidth: 1.75,
            ...SERIES_DASHES[index % SERIES_DASHES.length],
          },
        ),
        dot(data.slice(0, 1), { x: "requestsPerNight", y: rate, r: 4.5, fill: colorOf(index) }),
      ]),
    ],
  };
}
