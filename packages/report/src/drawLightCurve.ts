import { dot, gridY, ruleX, text } from "@observablehq/plot";
import type { Markish } from "@observablehq/plot";
import { formatJd, jdToDate } from "@btsbot/sky";
import { drawNothing, legend, paleFrame } from "./marks.js";
import type { LegendEntry } from "./marks.js";
import { BANDS, UNKNOWN_BAND } from "./palette.js";
import { renderPlot } from "./renderPlot.js";
import type { Firing, LightCurveOptions, LightCurvePoint } from "./types.js";

/** From this score on an alert is called a bright transient: Rehemtulla et al. 2024, ApJ 972, 7, Section 4. */
const THRESHOLD = 0.5;
/** Height of a line of names above the frame, CSS pixels. */
const NAME_ROW = 13;
/** Below so many days ticks would fall on hours. */
const SHORT = 8;

type Band = (typeof BANDS)[number] | typeof UNKNOWN_BAND;

/**
 * Draws a light curve: filled points have a score at or over the threshold, open ones a lower score, crosses none; triangles are
 * upper limits. Bright is up. Filters differ in colour and shape. A vertical rule is the moment at which a policy fired.
 *
 * @param points - detections and limits, in any order; those without a finite date or magnitude are left out
 * @param options - threshold (0.5), when policies fired; width (480) and label
 * @returns SVG
 *
 * @example
 * ```ts
 * import { drawLightCurve } from "@btsbot/report";
 *
 * const points = [
 *   { jd: 2460220.9, magnitude: 18.3, fid: 1, score: 0.98 },
 *   { jd: 2460218.9, magnitude: 20.1, fid: 2, isLimit: true },
 * ];
 * drawLightCurve(points, { firings: [{ policy: "gt1", jd: 2460220.9 }] }).includes(">gt1<"); // => true
 * ```
 */
export function drawLightCurve(points: readonly LightCurvePoint[], options: LightCurveOptions = {}): string {
  const { width = 480, threshold = THRESHOLD, firings = [] } = options;
  const sound = points.filter(({ jd, magnitude }) => Number.isFinite(jd) && Number.isFinite(magnitude));
  if (sound.length === 0) return drawNothing("No light curve: no alert with a date and a magnitude.", width);
  const dates = timeDomain([...sound, ...firings].map(({ jd }) => jd));
  const names = layNames(firings, dates, width - 68);
  const rows = Math.max(0, ...names.map(({ row }) => row + 1));
  const key = legend(entriesOf(sound, threshold), width - 68, rows * NAME_ROW);
  return renderPlot(options.label ?? describe(sound, firings, threshold), {
    width,
    height: 250 + key.height,
    marginTop: key.height,
    x: {
      type: "utc",
      domain: dates.map(jdToDate),
      label: `UT, ${yearsOf(dates)}`,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: dates[1] - dates[0] < SHORT ? "day" : Math.floor(width / 80),
    },
    y: { reverse: true, domain: magnitudeDomain(sound), label: "magnitude", labelAnchor: "center", labelArrow: "none" },
    marks: [
      gridY({ strokeOpacity: 0.12 }),
      paleFrame(),
      ...names.map((name) => firingMarks(name)),
      ...[...BANDS, UNKNOWN_BAND].flatMap((band) =>
        bandMarks(
          sound.filter((point) => bandOf(point) === band),
          band,
          threshold,
        ),
      ),
      ...key.marks,
    ],
  });
}

function bandOf({ fid }: LightCurvePoint): Band {
  return BANDS.find((band) => band.fid === fid) ?? UNKNOWN_BAND;
}

function bandMarks(points: readonly LightCurvePoint[], { color, symbol, name }: Band, threshold: number): Markish[] {
  const detections = points.filter(({ isLimit }) => !isLimit);
  const at = {
    x: ({ jd }: LightCurvePoint) => jdToDate(jd),
    y: "magnitude" as const,
    title: (point: LightCurvePoint) => titleOf(point, name),
  };
  const isOver = ({ score }: LightCurvePoint): boolean => score !== undefined && score >= threshold;
  return [
    ruleX(
      detections.filter(({ error }) => error !== undefined),
      {
        x: at.x,
        y1: (point: LightCurvePoint) => point.magnitude - point.error!,
        y2: (point: LightCurvePoint) => point.magnitude + point.error!,
        stroke: color,
        strokeOpacity: 0.6,
      },
    ),
    dot(
      points.filter(({ isLimit }) => isLimit),
      { ...at, symbol: "triangle2", r: 3, stroke: color, strokeOpacity: 0.8, strokeWidth: 1.2 },
    ),
    dot(
      detections.filter((point) => isOver(point)),
      { ...at, symbol, r: 4.5, fill: color, stroke: color, strokeWidth: 1.5 },
    ),
    dot(
      detections.filter((point) => point.score !== undefined && !isOver(point)),
      { ...at, symbol, r: 4.5, stroke: color, strokeWidth: 1.5 },
    ),
    dot(
      detections.filter(({ score }) => score === undefined),
      { ...at, symbol: "times", r: 4, stroke: color, strokeWidth: 1.5 },
    ),
  ];
}

function titleOf({ jd, magnitude, score, isLimit }: LightCurvePoint, band: string): string {
  const what = isLimit
    ? `fainter than ${magnitude.toFixed(2)}`
    : `${magnitude.toFixed(2)} mag, ${score === undefined ? "no score" : `score ${score.toFixed(3)}`}`;
  return `${formatJd(jd)} (JD ${jd.toFixed(4)}), ${band}: ${what}`;
}

function entriesOf(points: readonly LightCurvePoint[], threshold: number): LegendEntry[] {
  const ink = "currentColor";
  const has = (wanted: (point: LightCurvePoint) => boolean): boolean =>
    points.some((point) => !point.isLimit && wanted(point));
  return [
    ...[...BANDS, UNKNOWN_BAND]
      .filter((band) => points.some((point) => bandOf(point) === band))
      .map(({ name, color, symbol }) => ({ name, color, symbol })),
    ...(has(({ score }) => score !== undefined && score >= threshold)
      ? [{ name: `score ≥ ${threshold}`, color: ink }]
      : []),
    ...(has(({ score }) => score !== undefined && score < threshold)
      ? [{ name: `score < ${threshold}`, color: ink, filled: false }]
      : []),
    ...(has(({ score }) => score === undefined)
      ? [{ name: "no score", color: ink, symbol: "times" as const, filled: false }]
      : []),
    ...(points.some(({ isLimit }) => isLimit)
      ? [{ name: "limit", color: ink, symbol: "triangle2" as const, filled: false }]
      : []),
  ];
}

interface PlacedName {
  readonly jd: number;
  readonly name: string;
  readonly row: number;
  /** Where the name stands against its rule. */
  readonly anchor: "start" | "end";
}

/** Policies that fire at once share a rule; names that would touch go to different rows. */
function layNames(firings: readonly Firing[], [first, last]: readonly number[], width: number): PlacedName[] {
  const moments = new Map<number, string[]>();
  for (const { jd, policy } of [...firings].sort((a, b) => a.jd - b.jd))
    moments.set(jd, [...(moments.get(jd) ?? []), policy]);
  const ends: [number, number][][] = [];
  // From the last: the rule of an earlier one goes up to its name beside the later ones' names, not through them.
  return [...moments].reverse().map(([jd, policies]) => {
    const name = policies.join(", ");
    const x = ((jd - first) / (last - first)) * width;
    const long = name.length * 6 + 8;
    const anchor = x + long > width && x > long ? "end" : "start";
    const [from, to] = anchor === "start" ? [x, x + long] : [x - long, x];
    const found = ends.findIndex((row) => row.every(([left, right]) => to < left || from > right));
    const row = found < 0 ? ends.length : found;
    ends[row] = [...(ends[row] ?? []), [from, to]];
    return { jd, name, row, anchor };
  });
}

function firingMarks({ jd, name, row, anchor }: PlacedName): Markish {
  const dy = -8 - row * NAME_ROW;
  return [
    ruleX([jdToDate(jd)], { strokeOpacity: 0.7, strokeDasharray: "4 3", insetTop: dy - 5 }),
    text([name], {
      x: [jdToDate(jd)],
      frameAnchor: "top",
      dy,
      dx: anchor === "start" ? 3 : -3,
      textAnchor: anchor,
      lineAnchor: "middle",
      fontSize: 10,
    }),
  ];
}

/** The years, which ticks leave out. */
function yearsOf(jds: readonly number[]): string {
  return [...new Set(jds.map((jd) => String(jdToDate(jd).getUTCFullYear())))].join(" to ");
}

function timeDomain(jds: readonly number[]): [number, number] {
  const [first, last] = [Math.min(...jds), Math.max(...jds)];
  const pad = Math.max(1.5, 0.04 * (last - first));
  return [first - pad, last + pad];
}

function magnitudeDomain(points: readonly LightCurvePoint[]): [number, number] {
  const low = points.map(({ magnitude, error = 0 }) => magnitude - error);
  const high = points.map(({ magnitude, error = 0 }) => magnitude + error);
  const [bright, faint] = [Math.min(...low), Math.max(...high)];
  const pad = Math.max(0.2, (1 - (faint - bright)) / 2);
  return [bright - pad, faint + pad];
}

function describe(points: readonly LightCurvePoint[], firings: readonly Firing[], threshold: number): string {
  const detections = points.filter(({ isLimit }) => !isLimit);
  const over = detections.filter(({ score }) => score !== undefined && score >= threshold).length;
  const fired = firings.map(({ policy, jd }) => `${policy} fired ${formatJd(jd)}`);
  return [`Light curve: ${detections.length} detections, ${over} with score at least ${threshold}`, ...fired].join(
    "; ",
  );
}
