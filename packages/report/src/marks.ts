import { dot, frame, line, text } from "@observablehq/plot";
import type { Markish } from "@observablehq/plot";

/** An entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  /** Plot's own type of them speaks of D3, whose types it does not bring. */
  readonly symbol?: "circle" | "square";
  readonly filled?: boolean;
}

/** Width of a letter at the size of legends, on average, CSS pixels; wide rather than narrow. */
const LETTER = 6.4;
const ROW = 15;

/**
 * A legend above the frame, in rows from the left.
 *
 * @param entries - what it explains
 * @param width - room between the margins, CSS pixels
 * @param lift - what else stands between it and the frame, CSS pixels
 * @returns the marks, and the height that they need
 */
export function legend(entries: readonly LegendEntry[], width: number, lift = 0): { marks: Markish[]; height: number } {
  const rows: { entry: LegendEntry; left: number }[][] = [[]];
  let left = 0;
  for (const entry of entries) {
    const wide = 26 + entry.name.length * LETTER;
    if (left > 0 && left + wide > width) {
      rows.push([]);
      left = 0;
    }
    rows[rows.length - 1].push({ entry, left });
    left += wide;
  }
  const marks = rows.flatMap((row, index) =>
    row.flatMap((each) => legendEntry(each, -14 - lift - ROW * (rows.length - 1 - index))),
  );
  return { marks, height: rows.length * ROW + 12 + lift };
}

function legendEntry({ entry, left }: { entry: LegendEntry; left: number }, dy: number): Markish[] {
  const { name, color, symbol = "circle", filled = true } = entry;
  return [
    dot([0], { frameAnchor: "top-left", dx: left + 6, dy, r: 4, symbol, stroke: color, fill: filled ? color : "none" }),
    text([name], {
      frameAnchor: "top-left",
      dx: left + 15,
      dy,
      textAnchor: "start",
      lineAnchor: "middle",
      fontSize: 11,
    }),
  ];
}

/** A thin frame, lighter than the data. */
export function paleFrame(): Markish {
  return frame({ stroke: "currentColor", strokeOpacity: 0.35 });
}

/** A fraction for people, `93.0 %`; a dash where it is not defined. */
export function percent(fraction: number | undefined, digits = 1): string {
  return fraction === undefined ? "–" : `${(100 * fraction).toFixed(digits)} %`;
}

/**
 * The diagonal of a square of fractions: what chance, or a perfect calibration, would give.
 *
 * @returns the mark
 */
export function diagonal(): Markish {
  return line(
    [
      [0, 0],
      [1, 1],
    ],
    { strokeOpacity: 0.4, strokeDasharray: "3 3" },
  );
}

/**
 * A line of figures above the frame, at its right.
 *
 * @param words - the line
 * @returns the mark
 */
export function cornerText(words: string): Markish {
  return text([words], {
    frameAnchor: "top-right",
    dy: -14,
    textAnchor: "end",
    lineAnchor: "middle",
    fontSize: 11,
  });
}
