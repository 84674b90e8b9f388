import { ZTF_STAMPS } from "./surveys/ztf.js";
import type { StampPlace } from "./types.js";

/**
 * Finds the pixel of an alert's stamps at which its source is: the middle one, or less where the stamp was cut off at the
 * first rows or columns of the CCD. A stamp cut off at the last ones keeps the source in its middle.
 *
 * @param candidate - the alert's `candidate`: of it `xpos` and `ypos`, pixels of the CCD's quadrant from 1; a side without a finite number is taken as whole
 * @returns row and column, 0 to 31
 *
 * Source: ZTF's stamps, whose sides at the edge are those of a square about the rounded position: 48 rows at `ypos` 16.55,
 * 43 at 12.31, 49 at 17.65, 62 columns of 3072 at `xpos` 3042.27.
 *
 * @example
 * ```ts
 * import { locateSource } from "@btsbot/cutout";
 *
 * locateSource({ xpos: 1564.8, ypos: 16.5 }); // => { row: 16, column: 31 }
 * ```
 */
export function locateSource(candidate: Readonly<Record<string, unknown>>): StampPlace {
  return { row: pixelOf(candidate.ypos), column: pixelOf(candidate.xpos) };
}

/** Positions count from 1, rows and columns from 0. */
function pixelOf(position: unknown): number {
  if (typeof position !== "number" || !Number.isFinite(position)) return ZTF_STAMPS.middle;
  return Math.min(ZTF_STAMPS.middle, Math.max(0, Math.round(position) - 1));
}
