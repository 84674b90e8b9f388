import { checkArgument, checkOptions } from "@btsbot/errors";
import { axisX, axisY, dot, gridY, line, ruleX, text } from "@observablehq/plot";
import type { Markish } from "@observablehq/plot";
import type { PeakBin } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { legend, paleFrame, percent } from "./marks.js";
import { SERIES_COLORS, SERIES_DASHES } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";
import { wilsonInterval } from "./wilsonInterval.js";

interface Rate {
  readonly x: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws completeness and purity by peak magnitude: a point for each bin with its interval of 95 % (Wilson 1927), and
 * below, what it was counted from. A bin without sources has no point.
 *
 * @param bins - bins of a policy's evaluation, in order, `byPeak` of `evaluateSources`
 * @param options - width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawPeakRates } from "@btsbot/report";
 *
 * const bin = { low: 18.25, high: 18.5, truePositives: 9, falsePositives: 3, falseNegatives: 1, trueNegatives: 40 };
 * drawPeakRates([{ ...bin, completeness: 0.9, purity: 0.75 }]).includes("9/12"); // => true
 * ```
 */
export function drawPeakRates(bins: readonly PeakBin[], options: FigureOptions = {}): string {
  checkOptions("drawPeakRates", options, FIGURE_OPTIONS);
  checkArgument("drawPeakRates", "bins", bins, "list");
  const { width = 480 } = options;
  const shown = bins.filter(({ completeness, purity }) => completeness !== undefined || purity !== undefined);
  if (shown.length === 0)
    return drawNothing("No completeness and purity by magnitude: no source peaks in the bins.", width);
  const rates = [
    { name: "completeness", total: (bin: PeakBin) => bin.truePositives + bin.falseNegatives, side: -1 },
    { name: "purity", total: (bin: PeakBin) => bin.truePositives + bin.falsePositives, side: 1 },
  ];
  const edges = [...new Set(bins.flatMap(({ low, high }) => [low, high]))].sort((a, b) => a - b);
  const offset = (edges[1] - edges[0]) * 0.06;
  const entries = rates.map(({ name }, index) => ({ name, color: SERIES_COLORS[index], symbol: symbolOf(index) }));
  const key = legend([...entries], width - 100);
  const words = shown.map(
    (bin) => `${bin.low} to ${bin.high}: completeness ${percent(bin.completeness)}, purity ${percent(bin.purity)}`,
  );
  return renderPlot(options.label ?? `Completeness and purity by peak magnitude. ${words.join("; ")}`, {
    width,
    height: 320,
    marginTop: key.height,
    marginBottom: 76,
    marginLeft: 88,
    x: { domain: [edges[0], edges[edges.length - 1]] },
    y: { domain: [0, 1] },
    marks: [
      axisX(edges, {
        tickFormat: (edge: number) => edge.toFixed(2),
        label: "peak magnitude",
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 34,
      }),
      axisY({ tickFormat: (rate: number) => percent(rate, 0), label: null }),
      gridY({ strokeOpacity: 0.12 }),
      paleFrame(),
      ...rates.flatMap(({ name, total, side }, index) => [
        ...rateMarks(
          bins.map((bin) => rateOf(bin, total(bin), side * offset)),
          index,
        ),
        countRow(bins, name, total, index),
      ]),
      ...key.marks,
    ],
  });
}

function symbolOf(index: number): "circle" | "square" {
  return index === 0 ? "circle" : "square";
}

function rateOf({ low, high, truePositives }: PeakBin, total: number, offset: number): Rate {
  // 0/0: a gap.
  return { x: (low + high) / 2 + offset, rate: truePositives / total, ...wilsonInterval(truePositives, total) };
}

function rateMarks(rates: readonly Rate[], index: number): Markish[] {
  const color = SERIES_COLORS[index];
  return [
    line(rates, { x: "x", y: "rate", stroke: color, strokeOpacity: 0.6, ...SERIES_DASHES[index] }),
    ruleX(rates, { x: "x", y1: "low", y2: "high", stroke: color, strokeWidth: 1.5 }),
    dot(rates, { x: "x", y: "rate", r: 4, fill: color, symbol: symbolOf(index) }),
  ];
}

function countRow(bins: readonly PeakBin[], name: string, total: (bin: PeakBin) => number, index: number): Markish {
  const style = { frameAnchor: "bottom", dy: 49 + 14 * index, lineAnchor: "middle", fontSize: 10 } as const;
  return [
    text(bins, {
      ...style,
      x: (bin: PeakBin) => (bin.low + bin.high) / 2,
      text: (bin: PeakBin) => `${bin.truePositives}/${total(bin)}`,
      fontVariant: "tabular-nums",
    }),
    text([name], { ...style, frameAnchor: "bottom-left", dx: -8, textAnchor: "end", fill: SERIES_COLORS[index] }),
  ];
}
