import { checkArgument, checkOptions, countOf } from "@btsbot/errors";
import { axisX, gridY, rectY, ruleX, ruleY } from "@observablehq/plot";
import type { Markish } from "@observablehq/plot";
import type { Delays } from "@btsbot/evaluate";
import { binDelays } from "./binDelays.js";
import type { DelayBins } from "./binDelays.js";
import { drawNothing } from "./drawNothing.js";
import { cornerText, paleFrame } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { DELAY_OPTIONS } from "./types.js";
import type { DelayOptions } from "./types.js";

/**
 * Draws a histogram of delays with its median. Delays far from the others are not drawn but counted above. Zero is always in.
 *
 * @param delays - delays of a policy's true positives, as `evaluateSources` gives them
 * @param options - what they are measured against; width (480) and label
 * @returns SVG; without delays it says so, and why
 *
 * @example
 * ```ts
 * import { drawDelays } from "@btsbot/report";
 *
 * const none = { values: [], unknown: 3, tooEarly: 0 };
 * drawDelays(none, { against: "save" }).includes("No save delays: of 3 true positives 3 have no known time."); // => true
 * ```
 */
export function drawDelays(delays: Delays, options: DelayOptions): string {
  checkOptions("drawDelays", options, DELAY_OPTIONS);
  checkArgument("drawDelays", "delays", delays, "object", ["values"]);
  const { against, width = 480 } = options;
  const { values, median } = delays;
  if (values.length === 0) return drawNothing(`No ${against} delays: ${whyNone(delays)}.`, width);
  const binned = binDelays(values.map(({ days }) => days));
  const most = Math.max(...binned.bins.map(({ count }) => count));
  const counted = countOf(values.length, "true positive");
  const middle = `median ${median === undefined ? "–" : `${signed(median)} d`}${sideNote(binned)}`;
  const verb = against === "save" ? "saved" : "triggered";
  return renderPlot(options.label ?? `Histogram of ${against} delays: ${counted}, ${middle}`, {
    width,
    height: 260,
    marginTop: 34,
    x: { domain: [binned.low, binned.high] },
    // Sources are counted: ticks are whole numbers.
    y: {
      domain: [0, most * 1.08],
      label: "sources",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: "d",
      ticks: Math.min(most, 5),
    },
    marks: [
      axisX({ label: `← policy first  |  days  |  people ${verb} first →`, labelAnchor: "center", labelArrow: "none" }),
      gridY({ strokeOpacity: 0.12, ticks: Math.min(most, 5) }),
      rectY(binned.bins, { x1: "low", x2: "high", y: "count", fill: SERIES_COLORS[0], fillOpacity: 0.75, inset: 0.5 }),
      ruleY([0], { strokeOpacity: 0.5 }),
      ruleX([0], { strokeOpacity: 0.6 }),
      medianMarks(binned, median),
      cornerText(`${counted}, ${middle}`),
      paleFrame(),
    ],
  });
}

function whyNone({ unknown, tooEarly }: Delays): string {
  const total = unknown + tooEarly;
  if (total === 0) return "no true positives";
  const parts = [
    ...(unknown > 0 ? [countOf(unknown, "has no known time", "have no known time")] : []),
    ...(tooEarly > 0 ? [countOf(tooEarly, "was acted on too early to count", "were acted on too early to count")] : []),
  ];
  return `of ${countOf(total, "true positive")} ${parts.join(", ")}`;
}

function medianMarks({ low, high }: DelayBins, median: number | undefined): Markish {
  if (median === undefined || median < low || median > high) return null;
  return ruleX([median], { stroke: SERIES_COLORS[1], strokeWidth: 2, strokeDasharray: "5 3" });
}

function sideNote({ below, above, low, high }: DelayBins): string {
  const parts = [...(below > 0 ? [`${below} under ${low} d`] : []), ...(above > 0 ? [`${above} over ${high} d`] : [])];
  return parts.length === 0 ? "" : `; not drawn: ${parts.join(", ")}`;
}

function signed(days: number): string {
  return days.toFixed(2).replace("-", "−");
}
