import { checkArgument, checkOptions } from "@btsbot/errors";
import { formatJd } from "@btsbot/sky";
import { drawNothing } from "./drawNothing.js";
import { escapeText } from "./escapeText.js";
import { bandOf } from "./lightCurve/bandOf.js";
import { createAxes } from "./lightCurve/createAxes.js";
import type { Axes, PlotFrame } from "./lightCurve/createAxes.js";
import { drawLimit } from "./lightCurve/drawLimit.js";
import { drawMark, MARK_RADIUS } from "./lightCurve/drawMark.js";
import { fillOf } from "./lightCurve/fillOf.js";
import { layLegend } from "./lightCurve/layLegend.js";
import { layNames } from "./lightCurve/layNames.js";
import type { PlacedName } from "./lightCurve/layNames.js";
import { svgElement } from "./svgElement.js";
import { LIGHT_CURVE_OPTIONS } from "./types.js";
import type { Firing, LightCurveOptions, LightCurvePoint, MagnitudeLine } from "./types.js";
import { wrapSvg } from "./wrapSvg.js";

/** From this score on an alert is called a bright transient: Rehemtulla et al. 2024, ApJ 972, 7, Section 4. */
const THRESHOLD = 0.5;
const [LEFT, RIGHT, BOTTOM, HEIGHT] = [48, 14, 44, 214];
/** Height of a line of names above the frame, CSS pixels. */
const NAME_ROW = 14;
/** A line of a magnitude is drawn where it is not further than this from the points, so that it does not flatten them. */
const LINE_REACH = 1.5;
/** Width of a letter of its name, on average, CSS pixels. */
const LINE_LETTER = 5.4;
const INK = "currentColor";
/** Magnitudes that a source can have, the Sun's and beyond any telescope's: one outside would flatten all others. */
const [BRIGHTEST, FAINTEST] = [-30, 40];
/** The largest error that is drawn, mag: that of a detection is below 1. */
const WILD_ERROR = 10;
/** Dates that a calendar can have, days: ECMAScript's Date goes so far from 1970. */
const LAST_DATE = 1e8;

/**
 * Draws a light curve; bright is up. A band has a shape and a color. Filled points have a score at or over the threshold,
 * hollow ones a lower score, pale ones none; a bar inside is a detection fainter than the template; forced photometry is half
 * the size. Upper limits are bars with an arrow down, behind the rest. Dotted lines are magnitudes that matter, dashed rules
 * the moments at which policies fired.
 *
 * @param points - detections and limits, in any order; those without a date and a magnitude from -30 to 40 are left out
 * @param options - threshold (0.5), when policies fired, lines of magnitudes, days since a moment in place of dates; width
 * (480) and label
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
  checkOptions("drawLightCurve", options, LIGHT_CURVE_OPTIONS);
  checkArgument("drawLightCurve", "points", points, "list");
  const { width = 480, threshold = THRESHOLD, firings = [], since } = options;
  const sound = points.filter(isSound).map(withoutWildError);
  if (sound.length === 0) return drawNothing("No light curve: no alert with a date and a magnitude.", width);
  const fired = firings.filter(({ jd }) => Number.isFinite(jd));
  const plotWidth = width - LEFT - RIGHT;
  const dates = findDates([...sound, ...fired].map(({ jd }) => jd));
  const lines = nearLines(options.lines ?? [], sound);
  const names = layNames(fired, (jd) => ((jd - dates[0]) / (dates[1] - dates[0])) * plotWidth, plotWidth);
  const legend = layLegend(sound, threshold, plotWidth);
  const top = legend.height + 8 + NAME_ROW * Math.max(0, ...names.map(({ row }) => row + 1));
  const frame = { left: LEFT, top, width: plotWidth, height: HEIGHT };
  const axes = createAxes(frame, dates, findMagnitudes(sound, lines), since);
  return wrapSvg(options.label ?? describe(sound, fired, threshold), { width, height: top + HEIGHT + BOTTOM }, [
    svgElement("g", { transform: `translate(${LEFT},0)` }, ...legend.elements),
    ...axes.elements,
    ...lines.map((line) => drawLine(line, sound, frame, axes)),
    ...names.map((name) => drawFiring(name, frame, axes)),
    ...drawPoints(sound, axes, threshold),
  ]);
}

function isSound({ jd, magnitude }: LightCurvePoint): boolean {
  return Math.abs(jd) <= LAST_DATE && magnitude >= BRIGHTEST && magnitude <= FAINTEST;
}

/** An error of the size of the sky would flatten all else as a magnitude does. */
function withoutWildError(point: LightCurvePoint): LightCurvePoint {
  if (point.error === undefined || (point.error >= 0 && point.error <= WILD_ERROR)) return point;
  const { error: _, ...rest } = point;
  return rest;
}

/** What says less is behind what says more. */
function drawPoints(points: readonly LightCurvePoint[], { x, y }: Axes, threshold: number): string[] {
  const limits = points.filter(({ isLimit }) => isLimit);
  const detections = points.filter(({ isLimit }) => !isLimit);
  const order = ["pale", "hollow", "filled"] as const;
  const title = (point: LightCurvePoint): string => svgElement("title", {}, escapeText(titleOf(point)));
  return [
    ...limits.map((point) => drawLimit(bandOf(point).color, x(point.jd), y(point.magnitude), title(point))),
    ...detections.filter(hasError).map((point) => drawError(point, x(point.jd), y)),
    ...order.flatMap((fill) =>
      detections
        .filter((point) => fillOf(point, threshold) === fill)
        .map((point) => {
          const { shape, color } = bandOf(point);
          const { isNegative = false, isForced = false } = point;
          return drawMark({ shape, color, fill, isNegative, isForced }, x(point.jd), y(point.magnitude), title(point));
        }),
    ),
  ];
}

/** From the mark's edge on, so that what is in a mark is told from it. */
function drawError(point: LightCurvePoint & { readonly error: number }, x: number, y: Axes["y"]): string {
  const [bright, middle, faint] = [-1, 0, 1].map((sign) => y(point.magnitude + sign * point.error));
  if (middle - bright <= MARK_RADIUS) return "";
  const at = (value: number): number => Math.round(value * 10) / 10;
  const d = `M${at(x)},${at(bright)}V${at(middle - MARK_RADIUS)}M${at(x)},${at(middle + MARK_RADIUS)}V${at(faint)}`;
  return svgElement("path", { d, stroke: bandOf(point).color, "stroke-opacity": "0.7", "stroke-width": "1.2" });
}

function hasError(point: LightCurvePoint): point is LightCurvePoint & { readonly error: number } {
  return Number.isFinite(point.error);
}

function drawLine(
  { magnitude, name }: MagnitudeLine,
  points: readonly LightCurvePoint[],
  frame: PlotFrame,
  { x, y }: Axes,
): string {
  const at = Math.round(y(magnitude) * 10) / 10;
  const line = {
    d: `M${frame.left},${at}h${frame.width}`,
    stroke: INK,
    "stroke-opacity": "0.7",
    "stroke-dasharray": "1 3",
  };
  const long = name.length * LINE_LETTER;
  const places = [frame.left + 5, frame.left + frame.width - 5 - long].flatMap((left) =>
    [at - 4, at + 12].map((base) => ({ left, base })),
  );
  const hidden = places.map(
    ({ left, base }) =>
      points.filter(({ jd, magnitude: mag }) => {
        const [dx, dy] = [x(jd) - left, base - y(mag)];
        return dx > -MARK_RADIUS && dx < long + MARK_RADIUS && dy > -MARK_RADIUS && dy < 10 + MARK_RADIUS;
      }).length,
  );
  // The first place that hides the fewest points.
  const { left, base } = places[hidden.indexOf(least(hidden))];
  const text = { x: left, y: base, "font-size": 10, "fill-opacity": "0.8" };
  return svgElement("path", line) + svgElement("text", text, escapeText(name));
}

function drawFiring({ jd, name, row, anchor }: PlacedName, { top, height }: PlotFrame, { x }: Axes): string {
  const at = Math.round(x(jd) * 10) / 10;
  const y = top - 5 - row * NAME_ROW;
  const rule = {
    d: `M${at},${y - 8}V${top + height}`,
    stroke: INK,
    "stroke-opacity": "0.7",
    "stroke-dasharray": "4 3",
  };
  const text = { x: at + (anchor === "start" ? 4 : -4), y, "text-anchor": anchor, "font-size": 10 };
  return svgElement("path", rule) + svgElement("text", text, escapeText(name));
}

function titleOf(point: LightCurvePoint): string {
  const { jd, magnitude, error, score, isLimit, isNegative, isForced } = point;
  const parts = isLimit
    ? [`fainter than ${magnitude.toFixed(2)}`]
    : [
        `${magnitude.toFixed(2)}${error !== undefined && Number.isFinite(error) ? ` ± ${error.toFixed(2)}` : ""} mag`,
        ...(isNegative ? ["fainter than the template"] : []),
        ...(isForced ? ["forced photometry"] : []),
        score === undefined ? "no score" : `score ${score.toFixed(3)}`,
      ];
  return `${formatJd(jd)} (JD ${jd.toFixed(4)}), ${bandOf(point).name}: ${parts.join(", ")}`;
}

function findDates(jds: readonly number[]): [number, number] {
  const [first, last] = [least(jds), -least(jds.map((jd) => -jd))];
  const pad = Math.max(1.5, 0.04 * (last - first));
  return [first - pad, last + pad];
}

function nearLines(lines: readonly MagnitudeLine[], points: readonly LightCurvePoint[]): MagnitudeLine[] {
  const [bright, faint] = findMagnitudes(points, []);
  return lines.filter(({ magnitude }) => magnitude > bright - LINE_REACH && magnitude < faint + LINE_REACH);
}

function findMagnitudes(points: readonly LightCurvePoint[], lines: readonly MagnitudeLine[]): [number, number] {
  const reach = (sign: number) => (point: LightCurvePoint) =>
    sign * point.magnitude - (hasError(point) && !point.isLimit ? point.error : 0);
  const at = (sign: number): number[] => lines.map(({ magnitude }) => sign * magnitude);
  const bright = least([...points.map(reach(1)), ...at(1)]);
  const faint = -least([...points.map(reach(-1)), ...at(-1)]);
  const pad = Math.max(0.2, 0.05 * (faint - bright), (1 - (faint - bright)) / 2);
  return [bright - pad, faint + pad];
}

/** As `Math.min`, of more numbers than a call takes arguments. */
function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function describe(points: readonly LightCurvePoint[], firings: readonly Firing[], threshold: number): string {
  const detections = points.filter(({ isLimit }) => !isLimit);
  const over = detections.filter((point) => fillOf(point, threshold) === "filled").length;
  const negative = detections.filter(({ isNegative }) => isNegative).length;
  return [
    `Light curve: ${detections.length} detections, ${over} with score at least ${threshold}`,
    ...(negative > 0 ? [`${negative} fainter than the template`] : []),
    ...(points.length > detections.length ? [`${points.length - detections.length} upper limits`] : []),
    ...firings.map(({ policy, jd }) => `${policy} fired ${formatJd(jd)}`),
  ].join("; ");
}
