import { checkArgument, checkOptions, countOf } from "@btsbot/errors";
import { dot, gridX, gridY, ruleX } from "@observablehq/plot";
import type { CandidateResult, TunedPolicy, TuneGoal } from "@btsbot/evaluate";
import { drawNothing } from "./drawNothing.js";
import { legend, paleFrame, percent } from "./marks.js";
import { SERIES_COLORS } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import { FIGURE_OPTIONS } from "./types.js";
import type { FigureOptions } from "./types.js";

/** Candidates nearer than this look like one. */
const STEP = 1 / 500;

interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Draws a search: every candidate, purity against completeness, or, within a budget, completeness against requests a
 * night; the goal; the one chosen, and the same on the held-out half.
 *
 * @param tuned - what `tunePolicy` gives
 * @param goal - what was searched for
 * @param options - width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawSearch } from "@btsbot/report";
 *
 * const best = {
 *   score: 0.7, count: 2, magpsf: 19, truePositives: 9, falsePositives: 1, falseNegatives: 1, trueNegatives: 9,
 *   completeness: 0.9, purity: 0.9, requestsPerNight: 2,
 * };
 * const tuned = { best, candidates: [best], searchedSources: 20, heldOutSources: 20 };
 * drawSearch(tuned, { completeness: 0.85 }).includes("chosen: 2 alerts with score at least 0.7"); // => true
 * ```
 */
export function drawSearch(tuned: TunedPolicy, goal: TuneGoal, options: FigureOptions = {}): string {
  checkOptions("drawSearch", options, FIGURE_OPTIONS);
  checkArgument("drawSearch", "tuned", tuned, "object", ["candidates"]);
  checkArgument("drawSearch", "goal", goal, "object");
  const { width = 480 } = options;
  const { best, heldOut, candidates } = tuned;
  const byRate = "completeness" in goal;
  const place = (each: Pick<CandidateResult, "completeness" | "purity" | "requestsPerNight">): PlotPoint[] => {
    const [x, y] = byRate ? [each.completeness, each.purity] : [each.requestsPerNight, each.completeness];
    return x === undefined || y === undefined ? [] : [{ x, y }];
  };
  const places = candidates.flatMap(place);
  if (places.length === 0) return drawNothing("No search: no candidate picked a source that counts.", width);
  const most = byRate ? 1 : Math.max(...places.map(({ x }) => x)) || 1;
  const chosen = best === undefined ? [] : place(best);
  const held =
    heldOut === undefined ? [] : place({ ...heldOut.sources.overall, requestsPerNight: heldOut.requestsPerNight });
  const key = legend(
    [
      { name: "tried", color: "currentColor" },
      ...(chosen.length > 0 ? [{ name: "chosen", color: SERIES_COLORS[1], filled: false }] : []),
      ...(held.length > 0
        ? [{ name: "the same, held-out half", color: SERIES_COLORS[0], symbol: "square" as const }]
        : []),
    ],
    width - 74,
  );
  return renderPlot(options.label ?? describe(tuned, byRate), {
    width,
    height: 330 + key.height,
    marginTop: key.height,
    marginRight: 24,
    x: {
      domain: [0, most * (byRate ? 1 : 1.05)],
      label: byRate ? "completeness" : "requests a night",
      labelAnchor: "center",
      labelArrow: "none",
      ...(byRate && { tickFormat: percentTick }),
    },
    y: {
      domain: [0, 1],
      label: byRate ? "purity" : "completeness",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: percentTick,
    },
    marks: [
      gridX({ strokeOpacity: 0.12 }),
      gridY({ strokeOpacity: 0.12 }),
      paleFrame(),
      ruleX(
        [byRate ? goal.completeness : goal.requestsPerNight].filter((x) => x <= most * 1.05),
        { strokeDasharray: "4 3", strokeOpacity: 0.7 },
      ),
      dot(distinct(places, most), { x: "x", y: "y", r: 2, fill: "currentColor", fillOpacity: 0.35 }),
      dot(held, { x: "x", y: "y", r: 5, symbol: "square", fill: SERIES_COLORS[0] }),
      dot(chosen, { x: "x", y: "y", r: 6, stroke: SERIES_COLORS[1], strokeWidth: 2 }),
      ...key.marks,
    ],
  });
}

function percentTick(value: number): string {
  return percent(value, 0);
}

function distinct(places: readonly PlotPoint[], most: number): PlotPoint[] {
  return [
    ...new Map(
      places.map((place) => [`${Math.round(place.x / most / STEP)} ${Math.round(place.y / STEP)}`, place]),
    ).values(),
  ];
}

function describe({ best, candidates }: TunedPolicy, byRate: boolean): string {
  const words = `Search of ${countOf(candidates.length, "policy", "policies")}, ${byRate ? "purity against completeness" : "completeness against requests a night"}`;
  if (best === undefined) return `${words}; none chosen`;
  const { count, score, magpsf, completeness, purity } = best;
  const bright = magpsf === null ? "" : ` and magnitude at most ${magpsf}`;
  return `${words}; chosen: ${countOf(count, "alert")} with score at least ${score}${bright}, completeness ${percent(completeness)}, purity ${percent(purity)}`;
}
