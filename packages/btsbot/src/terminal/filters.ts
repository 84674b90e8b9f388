import type { Colors } from "./createTerminal.js";

/** The survey's filters by `fid`: https://github.com/ZwickyTransientFacility/ztf-avro-alert */
const FILTERS: Readonly<Record<number, { readonly name: string; readonly color: "green" | "red" | "yellow" }>> = {
  1: { name: "g", color: "green" },
  2: { name: "r", color: "red" },
  3: { name: "i", color: "yellow" },
};

/**
 * A filter's letter, or its number where it has none.
 *
 * @internal
 */
export function filterName(fid: number): string {
  return FILTERS[fid]?.name ?? String(fid);
}

/**
 * Paints a text in the filter's color.
 *
 * @internal
 */
export function paintFilter(fid: number, text: string, colors: Colors): string {
  const filter = FILTERS[fid];
  return filter === undefined ? text : colors[filter.color](text);
}
