import { ZTF } from "@btsbot/alert";
import type { Colors } from "./createTerminal.js";

/** The colors of filters by their letters. */
const COLORS: Readonly<Record<string, "green" | "red" | "yellow">> = { g: "green", r: "red", i: "yellow" };

/**
 * A filter's letter, or its number where it has none.
 *
 * @internal
 */
export function filterName(fid: number): string {
  return ZTF.filters[fid] ?? String(fid);
}

/**
 * Paints a text in the filter's color.
 *
 * @internal
 */
export function paintFilter(fid: number, text: string, colors: Colors): string {
  const color = COLORS[filterName(fid)] as "green" | "red" | "yellow" | undefined;
  return color === undefined ? text : colors[color](text);
}
