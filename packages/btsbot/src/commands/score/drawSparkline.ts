import type { LightCurve } from "@btsbot/alert";
import type { Colors } from "../../terminal/createTerminal.js";
import { paintFilter } from "../../terminal/filters.js";
import type { Cell } from "../../terminal/layoutTable.js";

/** Without the full block, so that the rows of a table do not touch. */
const BLOCKS = "▁▂▃▄▅▆▇";
/** An upper limit: an arrow down that every font has. */
const LIMIT = "v";
/** Variations smaller than this fill part of the height only, so that noise does not look like a rise, mag. */
const MIN_RANGE = 1;

interface Bin {
  readonly character: string;
  readonly fid?: number;
}

/**
 * A light curve in one line: time from left to right, bright is up; the last place is the alert itself.
 * Where several points share a place, the brightest detection stands there; `v` is an upper limit with
 * no detection beside it.
 *
 * @internal
 */
export function drawSparkline(history: LightCurve, width: number, colors: Colors): Cell {
  const bins = binLightCurve(history, width);
  const text = bins.map(({ character }) => character).join("");
  const paint = (shown: string) =>
    [...shown]
      .map((character, index) => {
        const { fid } = bins[index];
        if (fid !== undefined) return paintFilter(fid, character, colors);
        return character === LIMIT ? colors.dim(character) : character;
      })
      .join("");
  return { text, paint };
}

function binLightCurve({ detections, nondetections }: LightCurve, width: number): Bin[] {
  const bins: Bin[] = Array.from({ length: width }, () => ({ character: " " }));
  const times = [...detections, ...nondetections].map(({ jd }) => jd);
  if (times.length === 0) return bins;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const place = (jd: number) =>
    last === first ? width - 1 : Math.round(((jd - first) / (last - first)) * (width - 1));
  for (const { jd } of nondetections) bins[place(jd)] = { character: LIMIT };
  const magnitudes = detections.map(({ magpsf }) => magpsf);
  const [bright, faint] = [Math.min(...magnitudes), Math.max(...magnitudes)];
  const range = Math.max(faint - bright, MIN_RANGE);
  const middle = (bright + faint) / 2;
  // Faintest first, so that the brightest of a place stays.
  for (const { jd, magpsf, fid } of [...detections].sort((a, b) => b.magpsf - a.magpsf)) {
    const height = (middle - magpsf) / range + 0.5;
    bins[place(jd)] = { character: BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(height * BLOCKS.length))], fid };
  }
  return bins;
}
