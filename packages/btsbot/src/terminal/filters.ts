import { LSST, ZTF } from "@btsbot/alert";
import type { Colors } from "./createTerminal.js";

/** The colors of filters by their letters. */
const COLORS = {
  u: "blue",
  g: "green",
  r: "red",
  i: "yellow",
  z: "magenta",
  y: "cyan",
} as const satisfies Readonly<Record<string, keyof Colors>>;

/**
 * A filter's letter, or its number where it has none.
 *
 * @internal
 */
export function filterName(fid: number): string {
  return ZTF.filters[fid] ?? LSST.filters[fid] ?? String(fid);
}

/**
 * Paints a text in the filter's color.
 *
 * @internal
 */
export function paintFilter(fid: number, text: string, colors: Colors): string {
  const name = filterName(fid);
  const color = Object.hasOwn(COLORS, name) ? COLORS[name as keyof typeof COLORS] : undefined;
  return color === undefined ? text : colors[color](text);
}
