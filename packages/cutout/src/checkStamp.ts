import type { Stamp } from "./types.js";

/**
 * Refuses a stamp whose pixels are not width times height: a mistake of the program, not of an alert.
 *
 * @internal
 */
export function checkStamp({ width, height, pixels }: Stamp): void {
  if (pixels.length !== width * height) {
    throw new RangeError(`pixels: expected ${width} x ${height} = ${width * height}, got ${pixels.length}`);
  }
}
