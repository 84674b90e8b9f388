import { formatJd, jdToDate } from "@btsbot/sky";
import { ticks } from "d3-array";
import { escapeText } from "../escapeText.js";
import { svgElement } from "../svgElement.js";

/** Where the plot is, CSS pixels. */
export interface PlotFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Two axes: where values are, and how the axes look. */
export interface Axes {
  readonly x: (jd: number) => number;
  readonly y: (magnitude: number) => number;
  readonly elements: readonly string[];
}

/** Room for a label of the time axis, CSS pixels. */
const DATE_WIDTH = 76;
/** Below so many days a label names a day of the month, above a month. */
const LONG = 500;
/** Julian date of a midnight. */
const MIDNIGHT = 0.5;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The axes of a light curve: time to the right, bright up.
 *
 * @param frame - where
 * @param dates - first and last Julian date
 * @param magnitudes - brightest and faintest
 * @param since - if given, time is in days since this Julian date; else in dates
 */
export function createAxes(
  frame: PlotFrame,
  dates: readonly [number, number],
  magnitudes: readonly [number, number],
  since?: number,
): Axes {
  const x = (jd: number): number => frame.left + ((jd - dates[0]) / (dates[1] - dates[0])) * frame.width;
  const y = (magnitude: number): number =>
    frame.top + ((magnitude - magnitudes[0]) / (magnitudes[1] - magnitudes[0])) * frame.height;
  const bottom = frame.top + frame.height;
  const times = since === undefined ? layDates(dates, frame.width) : layDays(dates, since, frame.width);
  const levels = ticks(...magnitudes, 6);
  const digits = Math.max(0, -Math.floor(Math.log10(Math.min(1, Math.abs(levels[1] - levels[0])) + 1e-9)));
  const pale = { stroke: "currentColor", fill: "none" };
  return {
    x,
    y,
    elements: [
      ...levels.map((level) => {
        const line = svgElement("path", {
          d: `M${frame.left},${fine(y(level))}h${frame.width}`,
          ...pale,
          "stroke-opacity": "0.12",
        });
        return (
          line + svgElement("text", { x: frame.left - 6, y: y(level) + 4, "text-anchor": "end" }, level.toFixed(digits))
        );
      }),
      ...times.marks.map(({ jd, name }) => {
        const tick = svgElement("path", { d: `M${fine(x(jd))},${bottom}v5`, ...pale, "stroke-opacity": "0.6" });
        return tick + svgElement("text", { x: x(jd), y: bottom + 17, "text-anchor": "middle" }, escapeText(name));
      }),
      svgElement("rect", {
        x: frame.left,
        y: frame.top,
        width: frame.width,
        height: frame.height,
        ...pale,
        "stroke-opacity": "0.35",
      }),
      svgElement(
        "text",
        { x: frame.left + frame.width / 2, y: bottom + 34, "text-anchor": "middle" },
        escapeText(times.label),
      ),
      svgElement(
        "text",
        { transform: `translate(12,${fine(frame.top + frame.height / 2)}) rotate(-90)`, "text-anchor": "middle" },
        "magnitude",
      ),
    ],
  };
}

interface TimeMarks {
  readonly marks: readonly { readonly jd: number; readonly name: string }[];
  readonly label: string;
}

function layDays(dates: readonly [number, number], since: number, width: number): TimeMarks {
  const marks = ticks(dates[0] - since, dates[1] - since, width / DATE_WIDTH).map((days) => ({
    jd: since + days,
    name: String(days).replace("-", "−"),
  }));
  return { marks, label: `days from ${formatJd(since)} UT` };
}

/** Midnights, UTC: what happens at night is between two of them. */
function layDates(dates: readonly [number, number], width: number): TimeMarks {
  const isLong = dates[1] - dates[0] > LONG;
  const marks = ticks(dates[0] - MIDNIGHT, dates[1] - MIDNIGHT, width / DATE_WIDTH)
    .filter(Number.isInteger)
    .map((day) => {
      const date = jdToDate(day + MIDNIGHT);
      const month = MONTHS[date.getUTCMonth()];
      return {
        jd: day + MIDNIGHT,
        name: isLong ? `${month} ${date.getUTCFullYear()}` : `${date.getUTCDate()} ${month}`,
      };
    });
  const years = [...new Set(dates.map((jd) => String(jdToDate(jd).getUTCFullYear())))];
  return { marks, label: isLong ? "UT" : `UT, ${years.join(" to ")}` };
}

function fine(value: number): number {
  return Math.round(value * 10) / 10;
}
