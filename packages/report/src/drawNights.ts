import { checkArgument, checkOptions, countOf } from "@btsbot/errors";
import { gridY, rectY, ruleY } from "@observablehq/plot";
import type { Night, NightlyRequests } from "@btsbot/evaluate";
import { jdToDate } from "@btsbot/sky";
import { drawNothing } from "./drawNothing.js";
import { cornerText, paleFrame } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";

/** Julian date of the start of night 0: 2017-01-01 00:00 UTC. */
const FIRST_NIGHT_JD = 2457754.5;
/** More bars than this are too thin to see: then one stands for several nights. */
const MOST_BARS = 120;

/**
 * Draws what a policy asked for, night by night, with the mean. Over long spans a bar is the mean of several nights.
 *
 * @param requests - a policy's requests, as `countRequests` gives them
 * @param options - width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawNights } from "@btsbot/report";
 *
 * const nights = [{ nid: 2466, requests: 2 }, { nid: 2467, requests: 0 }];
 * drawNights({ nights, total: 2, mean: 1, median: 1, max: 2 }).includes("mean 1.00"); // => true
 * ```
 */
export function drawNights(requests: NightlyRequests, options: FigureOptions = {}): string {
  checkOptions("drawNights", options, FIGURE_OPTIONS);
  checkArgument("drawNights", "requests", requests, "object", ["nights"]);
  const { width = 480 } = options;
  const { nights, mean, total, median, max } = requests;
  if (mean === undefined || nights.length === 0)
    return drawNothing("No requests by night: no nights with alerts.", width);
  const { bars, span } = toBars(nights);
  const words = `${countOf(total, "request")} in ${countOf(nights.length, "night")}: mean ${mean.toFixed(2)}, median ${median}, most ${max}`;
  return renderPlot(options.label ?? `Requests by night: ${words}`, {
    width,
    height: 240,
    x: { type: "utc", label: null },
    y: {
      label: `requests a night${span > 1 ? `, mean of ${span} days` : ""}`,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, 1.08 * Math.max(1, ...bars.map((bar) => bar.y))],
      ticks: 5,
    },
    marks: [
      gridY({ strokeOpacity: 0.12, ticks: 5 }),
      rectY(bars, { x1: "from", x2: "to", y: "y", fill: SERIES_COLORS[0], fillOpacity: 0.75, insetLeft: 0.5 }),
      ruleY([mean], { stroke: SERIES_COLORS[1], strokeDasharray: "5 3", strokeWidth: 1.5 }),
      ruleY([0], { strokeOpacity: 0.5 }),
      cornerText(words.replace(/^.*: /, "")),
      paleFrame(),
    ],
  });
}

interface Bar {
  readonly from: Date;
  readonly to: Date;
  readonly y: number;
}

function toBars(nights: readonly Night[]): { bars: Bar[]; span: number } {
  const first = nights[0].nid;
  const span = Math.ceil((nights[nights.length - 1].nid - first + 1) / MOST_BARS);
  const groups = new Map<number, Night[]>();
  for (const night of nights) {
    const place = Math.floor((night.nid - first) / span);
    groups.set(place, [...(groups.get(place) ?? []), night]);
  }
  const bars = [...groups].map(([place, group]) => ({
    from: jdToDate(FIRST_NIGHT_JD + first + place * span),
    to: jdToDate(FIRST_NIGHT_JD + first + (place + 1) * span),
    y: group.reduce((sum, { requests }) => sum + requests, 0) / group.length,
  }));
  return { bars, span };
}
