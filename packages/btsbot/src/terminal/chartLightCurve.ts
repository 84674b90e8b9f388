import type { LightCurve } from "@btsbot/alert";
import type { Colors } from "./createTerminal.js";
import { filterName, paintFilter } from "./filters.js";

/** Rows of the chart: half a magnitude a row is enough to see a rise. */
const HEIGHT = 9;
/** Width of the scale at the left, `18.50 ┤`. */
const SCALE_WIDTH = 7;
const CAPITALS = "capitals: fainter than the template";
/** Least range of magnitudes, so that noise does not fill the chart, mag. */
const MIN_RANGE = 1;

/**
 * A light curve as a chart of characters: magnitudes at the left, bright is up; days before the alert
 * below, which `end` names. A detection is its filter's letter, a capital where it is
 * fainter than the template, an upper limit `v`, painted in its filter's color.
 *
 * @internal
 */
export function chartLightCurve(
  { detections, nondetections }: LightCurve,
  width: number,
  colors: Colors,
  end = "this alert",
): string[] {
  const limits = nondetections.map(({ jd, fid, diffmaglim }) => ({ jd, fid, mag: diffmaglim, mark: "v" }));
  const points = [
    ...limits,
    ...detections.map(({ jd, fid, magpsf, positive }) => ({ jd, fid, mag: magpsf, mark: markOf(fid, positive) })),
  ];
  const hasNegative = detections.some(({ positive }) => positive === false);
  if (points.length === 0) return [];
  const columns = Math.max(10, width - SCALE_WIDTH);
  const [bright, faint] = widen(Math.min(...points.map(({ mag }) => mag)), Math.max(...points.map(({ mag }) => mag)));
  const [first, last] = [Math.min(...points.map(({ jd }) => jd)), Math.max(...points.map(({ jd }) => jd))];
  const grid = Array.from({ length: HEIGHT }, () => new Array<string>(columns).fill(" "));
  for (const { jd, fid, mag, mark } of points) {
    const row = Math.round(((mag - bright) / (faint - bright)) * (HEIGHT - 1));
    const column = last === first ? columns - 1 : Math.round(((jd - first) / (last - first)) * (columns - 1));
    const painted = paintFilter(fid, mark, colors);
    grid[row][column] = mark === "v" ? colors.dim(painted) : colors.bold(painted);
  }
  const lines = grid.map((cells, row) => {
    const labeled = row % 4 === 0;
    const scale = labeled ? (bright + ((faint - bright) * row) / (HEIGHT - 1)).toFixed(2) : "";
    return `${colors.dim(`${scale.padStart(SCALE_WIDTH - 2)} ${labeled ? "┤" : "│"}`)}${cells.join("").trimEnd()}`;
  });
  const start = `${(first - last).toFixed(1)} d`;
  const axis = last === first ? end.padStart(columns) : start + end.padStart(columns - start.length);
  const below = [axis, ...(hasNegative ? [CAPITALS] : [])].map((line) => " ".repeat(SCALE_WIDTH) + line);
  return [...lines, ...below.map((line) => colors.dim(line))];
}

function markOf(fid: number, positive: boolean | null): string {
  return positive === false ? filterName(fid).toUpperCase() : filterName(fid);
}

function widen(bright: number, faint: number): [number, number] {
  const lacking = Math.max(0, MIN_RANGE - (faint - bright)) / 2;
  return [bright - lacking, faint + lacking];
}
